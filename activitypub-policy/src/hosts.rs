//! Rules about hosts.

use std::collections::HashMap;

use activitypub_core::{Flag, Origin, OriginError};
use async_trait::async_trait;
use thiserror::Error;

use crate::{Decision, Disclosure, Effect, FederationPolicy, Message, Party, Role, Stage, Why};

/// Rules about hosts, at most one for each name.
///
/// Of several rules that match a host, the one with the longest name counts, as in Mastodon: a milder rule for a subdomain
/// is an exception from the rule of its parent. A name is compared label by label, so a rule for `example.org` says nothing
/// about `notexample.org`.
///
/// As a policy it looks at everyone who has a part in a message. Our own host is never matched, a report is not turned
/// away for being *about* a refused host, and a message that only [takes back](Message::takes_back) what its actor had put
/// into the world is always heard.
///
/// ```
/// # use activitypub_policy::{HostRule, Hosts, Severity};
/// let mut hosts = Hosts::new();
/// hosts.block("spam.example", "nothing but spam")?;
/// hosts.insert("good.spam.example", HostRule::new(Severity::Noop))?;
///
/// assert_eq!(hosts.rule_for("www.spam.example").unwrap().1.severity, Severity::Suspend);
/// assert_eq!(hosts.rule_for("good.spam.example").unwrap().1.severity, Severity::Noop);
/// assert!(hosts.rule_for("notspam.example").is_none());
/// # Ok::<(), activitypub_policy::HostError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    /// By the canonical name of the host.
    pub(crate) rules: HashMap<Box<str>, HostRule>,
}

/// What is done about a host.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostRule {
    /// Which hosts it matches.
    pub matching: Matching,
    /// How severe it is.
    pub severity: Severity,
    /// Their media are withheld.
    pub reject_media: bool,
    /// Their reports are not brought before moderators.
    pub reject_reports: bool,
    /// Why, for everybody to read; empty if nobody said.
    pub public_comment: String,
    /// Whether the name is masked where the rules are published, and the host not told the reason.
    pub obfuscate: bool,
}

/// Which hosts a rule matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a name matches itself, with or without what is below it")]
pub enum Matching {
    /// The host of this name.
    Exact,
    /// The host of this name and all below it.
    #[default]
    Suffix,
}

/// How severe a rule is, in the words of Mastodon, from mild to strict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// By itself nothing: an exception from the rule of a parent, or the bearer of a flag.
    #[default]
    Noop,
    /// Only those who follow them see them.
    Silence,
    /// Nothing is taken from them, fetched from them, sent or shown to them.
    Suspend,
}

impl Hosts {
    /// No rules.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Suspends a host and all below it, for a reason that may be published. Takes the place of the rule it had.
    ///
    /// # Errors
    /// When it is no host.
    pub fn block(&mut self, host: &str, reason: impl Into<String>) -> Result<(), HostError> {
        self.insert(host, HostRule { public_comment: reason.into(), ..HostRule::new(Severity::Suspend) })?;
        Ok(())
    }

    /// Sets the rule of a host and returns the one it had.
    ///
    /// # Errors
    /// When it is no host.
    pub fn insert(&mut self, host: &str, rule: HostRule) -> Result<Option<HostRule>, HostError> {
        Ok(self.rules.insert(canonical(host)?, rule))
    }

    /// Takes the rule of a host away and returns it.
    pub fn remove(&mut self, host: &str) -> Option<HostRule> {
        self.rules.remove(&canonical(host).ok()?)
    }

    /// The rule of exactly this name, whatever it matches.
    #[must_use]
    pub fn get(&self, host: &str) -> Option<&HostRule> {
        self.rules.get(&canonical(host).ok()?)
    }

    /// The rule that counts for a host, and its name. The host is in [canonical form](Origin::host).
    #[must_use]
    pub fn rule_for(&self, host: &str) -> Option<(&str, &HostRule)> {
        let mut name = host;
        loop {
            if let Some((name, rule)) = self.rules.get_key_value(name)
                && (rule.matching == Matching::Suffix || **name == *host)
            {
                return Some((name, rule));
            }
            (_, name) = name.split_once('.')?;
        }
    }

    /// Every name and its rule, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &HostRule)> {
        let mut rules: Vec<_> = self.rules.iter().map(|(name, rule)| (&**name, rule)).collect();
        rules.sort_unstable_by_key(|(name, _)| *name);
        rules.into_iter()
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

impl HostRule {
    /// A rule for a host and all below it.
    #[must_use]
    pub fn new(severity: Severity) -> Self {
        Self {
            matching: Matching::Suffix,
            severity,
            reject_media: false,
            reject_reports: false,
            public_comment: String::new(),
            obfuscate: false,
        }
    }

    /// A rule for one host and none below it.
    #[must_use]
    pub fn exact(severity: Severity) -> Self {
        Self { matching: Matching::Exact, ..Self::new(severity) }
    }

    /// The strictest of both, for two rules of one name.
    pub(crate) fn join(self, other: Self) -> Self {
        let (severity, public_comment) =
            (self.severity, self.public_comment).max((other.severity, other.public_comment));
        Self {
            matching: self.matching.max(other.matching),
            severity,
            reject_media: self.reject_media || other.reject_media,
            reject_reports: self.reject_reports || other.reject_reports,
            public_comment,
            obfuscate: self.obfuscate || other.obfuscate,
        }
    }

    fn decide(&self, name: &str, party: &Party<'_>, stage: Stage) -> Decision {
        let why = |code: &str| {
            let why = Why::new("hosts", code).on(name).of(party);
            if self.public_comment.is_empty() { why } else { why.saying(&*self.public_comment) }
        };
        if self.severity == Severity::Suspend {
            let told = !self.obfuscate && !self.public_comment.is_empty();
            let disclosure = if told { Disclosure::Explain } else { Disclosure::Generic };
            return Decision::refuse(why("suspended")).disclose(disclosure);
        }
        // What remains concerns what is shown here, not what leaves.
        if !matches!(stage, Stage::Receive | Stage::Fetch) {
            return Decision::pass();
        }
        let mut decision = Decision::pass();
        if self.severity == Severity::Silence {
            decision = decision
                .with(Effect::HideFromPublic)
                .with(Effect::NotifyFollowersOnly)
                .with(Effect::FollowNeedsApproval)
                .because(why("silenced"));
        }
        if self.reject_media {
            decision = decision.with(Effect::WithholdMedia).because(why("reject-media"));
        }
        if self.reject_reports {
            decision = decision.with(Effect::IgnoreReports).because(why("reject-reports"));
        }
        decision
    }
}

#[async_trait]
impl FederationPolicy for Hosts {
    async fn decide(&self, message: &Message<'_>) -> Decision {
        // Before the body is read, nobody knows what is being taken back.
        if message.takes_back() || message.stage() == Stage::Preauth && message.activity().is_none() {
            return Decision::pass();
        }
        let here = message.here().map(Origin::host);
        let is_report = message.activity().is_some_and(|activity| activity.is::<Flag>());
        let concerned = |role| !is_report || !matches!(role, Role::ObjectId | Role::ObjectAuthor);
        (message.parties().iter())
            .filter(|party| concerned(party.role()))
            .filter_map(|party| Some((party, party.origin()?.host())))
            .filter(|(_, host)| Some(*host) != here)
            .filter_map(|(party, host)| self.rule_for(host).map(|(name, rule)| (party, name, rule)))
            .map(|(party, name, rule)| rule.decide(name, party, message.stage()))
            .collect()
    }
}

/// Why a text is no host to make a rule about.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HostError {
    /// It is no host.
    #[error(transparent)]
    Host(#[from] OriginError),
    /// A rule is about a host, whatever the port.
    #[error("a rule is about a host, not one of its ports")]
    Port,
}

pub(crate) fn canonical(host: &str) -> Result<Box<str>, HostError> {
    let origin = Origin::of_handle_host(host)?;
    // `:443` disappears in the origin, and is a port all the same.
    if origin.port().is_some() || host.ends_with(":443") {
        return Err(HostError::Port);
    }
    Ok(origin.host().into())
}
