//! Decisions, and the lattice they form.
//!
//! A decision is a product of join-semilattices: admission, disclosure, effects, labels, obligations and reasons. Joining
//! two takes the stricter of each, so it does not matter in which order rules speak, how often, or how they are grouped;
//! and a rule can make a decision stricter, never milder.

use std::collections::BTreeSet;
use std::fmt;

use crate::{Party, Role};

/// What a policy decides about a message.
///
/// ```
/// # use activitypub_policy::{Admission, Decision, Effect, Why};
/// let one = Decision::hold(Why::new("first-contact", "stranger"));
/// let other = Decision::pass().with(Effect::WithholdMedia);
/// let both = one.clone().join(other.clone());
/// assert_eq!(both.admission(), Admission::Hold);
/// assert!(both.has(&Effect::WithholdMedia));
/// assert_eq!(both, other.join(one));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Decision {
    admission: Admission,
    disclosure: Disclosure,
    effects: BTreeSet<Effect>,
    labels: BTreeSet<String>,
    obligations: BTreeSet<Obligation>,
    trace: BTreeSet<Why>,
}

/// What becomes of the message, from mild to strict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "whoever enforces a decision must enforce each of these")]
pub enum Admission {
    /// It takes its course.
    #[default]
    Pass,
    /// It is accepted for review, and has no effect until a person lets it pass.
    Hold,
    /// It is to be tried again later.
    Defer,
    /// It is not taken.
    Refuse,
}

/// What the other side learns of it, from open to closed. It matters where a message does not pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "whoever answers must answer in one of these ways")]
pub enum Disclosure {
    /// That it does not pass, and the code and public text of each reason.
    #[default]
    Explain,
    /// That it does not pass.
    Generic,
    /// Nothing: it looks as if it had passed.
    Silent,
}

/// What is done to a message that is admitted. None of them shows anything to more people than before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Attachments, avatars, headers and emoji are neither fetched nor shown.
    WithholdMedia,
    /// Media are shown behind a click.
    MarkSensitive,
    /// Shown under this content warning, beside those it has.
    Warn(String),
    /// Shown to followers only: not on public pages, in searches or among trends.
    HideFromPublic,
    /// Nobody who does not follow its actor is notified of it.
    NotifyFollowersOnly,
    /// A Follow waits for the approval of the one to be followed.
    FollowNeedsApproval,
    /// A reply waits for the approval of the one replied to.
    ReplyNeedsApproval,
    /// A Flag is not brought before moderators.
    IgnoreReports,
}

/// What the host program is to do besides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Obligation {
    /// Tell the moderators.
    NotifyModerators,
}

/// One reason for a decision.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Why {
    admission: Admission,
    rule: String,
    code: String,
    role: Option<Role>,
    subject: Option<String>,
    text: Option<String>,
}

impl Decision {
    /// Nothing stands against it. The least decision: joined with any other, it is the other.
    pub fn pass() -> Self {
        Self::default()
    }

    /// To be reviewed.
    pub fn hold(why: Why) -> Self {
        Self::of(Admission::Hold, why)
    }

    /// To be tried again later.
    pub fn defer(why: Why) -> Self {
        Self::of(Admission::Defer, why)
    }

    /// Not taken.
    pub fn refuse(why: Why) -> Self {
        Self::of(Admission::Refuse, why)
    }

    /// The least decision stricter than both.
    pub fn join(mut self, mut other: Self) -> Self {
        self.effects.append(&mut other.effects);
        self.labels.append(&mut other.labels);
        self.obligations.append(&mut other.obligations);
        self.trace.append(&mut other.trace);
        Self {
            admission: self.admission.max(other.admission),
            disclosure: self.disclosure.max(other.disclosure),
            ..self
        }
    }

    /// With an effect.
    pub fn with(mut self, effect: Effect) -> Self {
        self.effects.insert(effect);
        self
    }

    /// With a label, the URI of something to be shown or filtered by.
    pub fn label(mut self, uri: impl Into<String>) -> Self {
        self.labels.insert(uri.into());
        self
    }

    /// With an obligation.
    pub fn oblige(mut self, obligation: Obligation) -> Self {
        self.obligations.insert(obligation);
        self
    }

    /// Disclosed no further than this.
    pub fn disclose(mut self, disclosure: Disclosure) -> Self {
        self.disclosure = self.disclosure.max(disclosure);
        self
    }

    /// With a reason: for an effect, or for letting pass.
    pub fn because(mut self, why: Why) -> Self {
        self.trace.insert(why);
        self
    }

    /// What becomes of the message.
    #[must_use]
    pub fn admission(&self) -> Admission {
        self.admission
    }

    /// Whether the message takes its course.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.admission == Admission::Pass
    }

    /// What the other side learns.
    #[must_use]
    pub fn disclosure(&self) -> Disclosure {
        self.disclosure
    }

    /// Whether this is done to it.
    #[must_use]
    pub fn has(&self, effect: &Effect) -> bool {
        self.effects.contains(effect)
    }

    /// What is done to it, sorted.
    pub fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.effects.iter()
    }

    /// Its labels, sorted.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(String::as_str)
    }

    /// What else is to be done, sorted.
    pub fn obligations(&self) -> impl Iterator<Item = &Obligation> {
        self.obligations.iter()
    }

    /// Everything that was found, decisive or not, sorted: for the operator.
    pub fn trace(&self) -> impl Iterator<Item = &Why> {
        self.trace.iter()
    }

    /// The reasons that led to the admission it has.
    pub fn reasons(&self) -> impl Iterator<Item = &Why> {
        self.trace.iter().filter(|why| why.admission == self.admission)
    }

    /// The decisive reasons in words, for a log.
    #[must_use]
    pub fn reason(&self) -> String {
        let reasons: Vec<_> = self.reasons().map(Why::to_string).collect();
        if reasons.is_empty() { "no reason was given".to_owned() } else { reasons.join("; ") }
    }

    /// What the other side may be told: code and public text of each decisive reason, where the disclosure lets it.
    pub fn public_reasons(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let told = self.disclosure == Disclosure::Explain;
        self.reasons().filter(move |_| told).map(|why| (why.code(), why.text()))
    }

    fn of(admission: Admission, why: Why) -> Self {
        Self { admission, trace: BTreeSet::from([Why { admission, ..why }]), ..Self::default() }
    }
}

/// The join of all, [`Decision::pass`] of none.
impl FromIterator<Self> for Decision {
    fn from_iter<I: IntoIterator<Item = Self>>(decisions: I) -> Self {
        decisions.into_iter().fold(Self::pass(), Self::join)
    }
}

impl Why {
    /// A reason: the rule that has it, and a code that says in a word what the rule found. Both are stable: operators
    /// search for them.
    #[must_use]
    pub fn new(rule: impl Into<String>, code: impl Into<String>) -> Self {
        Self {
            admission: Admission::Pass,
            rule: rule.into(),
            code: code.into(),
            role: None,
            subject: None,
            text: None,
        }
    }

    /// With what was matched: a host, an actor, a word.
    #[must_use]
    pub fn on(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// With the part in the message of who was matched.
    #[must_use]
    pub fn of(mut self, party: &Party<'_>) -> Self {
        self.role = Some(party.role());
        self
    }

    /// With a text that may be told to anybody.
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// What it asks for.
    #[must_use]
    pub fn admission(&self) -> Admission {
        self.admission
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// What the rule found.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The part of who was matched.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.role
    }

    /// What was matched.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The public text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.code)?;
        if let Some(subject) = &self.subject {
            write!(f, " {subject}")?;
        }
        if let Some(role) = self.role {
            write!(f, " ({role:?})")?;
        }
        if let Some(text) = &self.text {
            write!(f, ": {text}")?;
        }
        Ok(())
    }
}
