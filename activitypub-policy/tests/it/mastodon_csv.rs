//! The format servers exchange lists in, well made and badly made (B.1, B.3).

use activitypub_policy::{Blocklist, HostRule, Hosts, ListError, Oddity, Severity};
use proptest::prelude::*;

const HEADER: &str = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n";

fn read(text: &str) -> Blocklist {
    Blocklist::mastodon_csv(text).unwrap()
}

fn rows(rows: &str) -> Blocklist {
    read(&format!("{HEADER}{rows}"))
}

fn oddities(list: &Blocklist) -> Vec<(u64, &str, Oddity)> {
    list.diagnostics().iter().map(|odd| (odd.line, odd.domain.as_str(), odd.oddity)).collect()
}

#[test]
fn the_export_of_a_server_is_read() {
    let list = rows(
        "loud.test,silence,false,false,too loud,false\n\
         spam.test,suspend,true,true,\"spam, and \"\"more\"\"\nof it\",true\n\
         media.test,noop,true,false,unicode ♥,false\n",
    );
    assert_eq!(oddities(&list), []);
    let hosts = list.hosts();
    assert_eq!(hosts.get("loud.test").unwrap().severity, Severity::Silence);
    let spam = hosts.get("spam.test").unwrap();
    assert_eq!(
        (spam.severity, spam.reject_media, spam.reject_reports, spam.obfuscate),
        (Severity::Suspend, true, true, true)
    );
    assert_eq!(spam.public_comment, "spam, and \"more\"\nof it");
    assert_eq!(hosts.get("media.test").unwrap().public_comment, "unicode ♥");
}

#[test]
fn columns_are_read_by_name_wherever_they_stand() {
    for text in [
        "domain,severity,reject_media,reject_reports,public_comment,obfuscate\nx.test,silence,True,False,why,False\n",
        "domain,severity,public_comment,reject_media,reject_reports,obfuscate\nx.test,silence,why,TRUE,f,0\n",
        "\"Domain\",\"#Severity\",\"private_comment\",\"public_comment\",\"reject_media\"\n\"x.test\",\"Silence\",\"secret\",\"why\",\"t\"\n",
        "\u{feff}# domain , #severity,#reject_media,#public_comment\r\n x.test , silence , 1 , why \r\n",
        "severity,reject_media,domain,public_comment\nSILENCE,yes,X.test.,why\n",
        ",,,\nseverity,reject_media,domain,public_comment\nsilence,yes,x.test,why\n",
    ] {
        let list = read(text);
        let mut expected = HostRule::new(Severity::Silence);
        expected.reject_media = true;
        expected.public_comment = "why".into();
        assert_eq!(list.hosts().iter().collect::<Vec<_>>(), [("x.test", &expected)], "{text}");
    }
}

#[test]
fn a_file_of_one_column_suspends_what_it_names() {
    for text in [
        "x.test\ny.test\n",
        "domain\nx.test\ny.test\n",
        "#domain\r\nx.test\r\ny.test",
        "domain,\nx.test,\ny.test,\n",
    ] {
        let list = read(text);
        assert_eq!(list.hosts().len(), 2, "{text}");
        assert!(list.hosts().iter().all(|(_, rule)| rule.severity == Severity::Suspend), "{text}");
    }
    assert!(read("").hosts().is_empty());
}

#[test]
fn a_missing_severity_is_suspend_and_an_unknown_one_is_none() {
    let list = rows("a.test\nb.test,suspend\nc.test,\nd.test,limit\ne.test,reject,false\n");
    assert_eq!(list.hosts().len(), 3);
    assert!(list.hosts().iter().all(|(_, rule)| rule.severity == Severity::Suspend));
    assert_eq!(
        oddities(&list),
        [(5, "d.test", Oddity::UnknownSeverity), (6, "e.test", Oddity::UnknownSeverity)]
    );
}

#[test]
fn what_is_no_host_is_left_out_and_named() {
    let list = rows(
        ",,,,,\nex***le.test,suspend\n*.wild.test,suspend\nhttps://url.test/path,suspend\nurl.test/,suspend\n@user@actor.test,suspend\n\
         .cf,suspend\nvc,suspend\nhost.test:8443,suspend\n.sub.test,suspend\nsp ace.test,suspend\na..test,suspend\n,suspend\n",
    );
    assert!(list.hosts().is_empty());
    assert_eq!(
        oddities(&list),
        [
            (2, "", Oddity::Blank),
            (3, "ex***le.test", Oddity::Masked),
            (4, "*.wild.test", Oddity::Masked),
            (5, "https://url.test/path", Oddity::Url),
            (6, "url.test/", Oddity::Url),
            (7, "@user@actor.test", Oddity::Actor),
            (8, ".cf", Oddity::TopLevel),
            (9, "vc", Oddity::TopLevel),
            (10, "host.test:8443", Oddity::NotAHost),
            (11, ".sub.test", Oddity::NotAHost),
            (12, "sp ace.test", Oddity::NotAHost),
            (13, "a..test", Oddity::NotAHost),
            (14, "", Oddity::Blank),
        ]
    );
}

#[test]
fn canaries_are_not_enforced() {
    let list = rows(
        "ap.invalid,suspend,FALSE,FALSE,iftas:canary,TRUE\n\
         real.test,suspend,FALSE,FALSE,iftas:service-abuse;canary,FALSE\n\
         canary.tier0.example.com,suspend\n\
         000delete.this.line.if.you.have.read.it.test,suspend\n\
         canary.test,suspend,false,false,a canary in the name alone,false\n",
    );
    assert_eq!(list.diagnostics().iter().filter(|odd| odd.oddity == Oddity::Canary).count(), 4);
    assert_eq!(list.hosts().iter().map(|(name, _)| name).collect::<Vec<_>>(), ["canary.test"]);
}

#[test]
fn of_two_rows_for_one_host_the_strictest_of_each_counts_in_any_order() {
    let one = "dup.test,silence,true,false,first,false\n";
    let other = "DUP.test.,suspend,false,true,second,false\n";
    let list = rows(&format!("{one}{other}"));
    let rule = list.hosts().get("dup.test").unwrap();
    assert_eq!((rule.severity, rule.reject_media, rule.reject_reports), (Severity::Suspend, true, true));
    assert_eq!(oddities(&list), [(3, "DUP.test.", Oddity::Duplicate)]);
    assert_eq!(rows(&format!("{other}{one}")).hosts(), list.hosts());
}

#[test]
fn a_flag_that_is_none_is_not_set() {
    let list = rows("x.test,silence,maybe,false,why,false\n");
    assert_eq!(oddities(&list), [(2, "x.test", Oddity::NotABool)]);
    assert!(!list.hosts().get("x.test").unwrap().reject_media);
}

#[test]
fn a_file_whose_cells_do_not_stand_under_their_names_is_refused() {
    let shifted = format!(
        "{HEADER}good.test,suspend,false,false,why,false\nshifted.test,suspend,this is a comment,false,false,false\n"
    );
    assert_eq!(Blocklist::mastodon_csv(&shifted).unwrap_err(), ListError::ColumnShift { line: 3 });
}

#[test]
fn a_file_that_is_something_else_is_refused() {
    for (text, error) in [
        ("domain,count,percent\nx.test,3,30.0\n", ListError::NoSeverityColumn),
        ("domain,private_comment\nx.test,a friend\n", ListError::NoSeverityColumn),
        ("domain\nx.test,silence\n", ListError::NoSeverityColumn),
        ("x.test\ny.test,silence\n", ListError::NoSeverityColumn),
        ("x.test,suspend,false\n", ListError::NoDomainColumn),
        ("hostname,severity\nx.test,suspend\n", ListError::NoDomainColumn),
        ("{\"domain\": \"x.test\", \"severity\": \"silence\"}\n", ListError::NoDomainColumn),
        ("domain,severity,#domain\nx.test,suspend,y.test\n", ListError::TwoColumns("domain")),
        ("domain,severity\nx.test,\"suspend\ny.test,suspend\n", ListError::Unclosed { line: 2 }),
    ] {
        assert_eq!(Blocklist::mastodon_csv(text).unwrap_err(), error, "{text}");
    }
}

#[test]
fn a_list_is_bounded() {
    let mut text = "#domain\n".to_owned();
    text.extend(std::iter::repeat_n(",\n", 1_000_001));
    assert_eq!(Blocklist::mastodon_csv(&text).unwrap_err(), ListError::TooManyRows);

    let list = read(&format!("#domain\n{}\n", "ü*".repeat(100_000)));
    assert!(list.diagnostics()[0].domain.len() <= 255, "a diagnostic quotes no more than a name is long");
}

#[test]
fn twenty_thousand_and_one_rows_are_read() {
    let text: String = (0..20_001).map(|n| format!("host{n}.test\n")).collect();
    assert_eq!(read(&text).hosts().len(), 20_001);
}

#[test]
fn a_rule_for_one_host_alone_cannot_be_said_and_is_not_widened() {
    let mut hosts = Hosts::new();
    hosts.insert("x.test", HostRule::exact(Severity::Suspend)).unwrap();
    assert_eq!(hosts.to_mastodon_csv(), HEADER);
}

proptest! {
    #[test]
    fn what_is_exported_is_read_again(
        rules in proptest::collection::btree_map(
            "[a-z]{1,5}\\.(test|xn--mller-kva)",
            (0..3usize, any::<[bool; 3]>(), "(\\PC|\n|\"){0,12}"),
            0..10,
        )
    ) {
        let mut hosts = Hosts::new();
        for (name, (severity, [media, reports, obfuscate], comment)) in rules {
            let mut rule = HostRule::new([Severity::Noop, Severity::Silence, Severity::Suspend][severity]);
            (rule.reject_media, rule.reject_reports, rule.obfuscate) = (media, reports, obfuscate);
            rule.public_comment = comment.trim().to_owned();
            hosts.insert(&name, rule).unwrap();
        }
        let list = read(&hosts.to_mastodon_csv());
        prop_assert_eq!(list.hosts(), &hosts);
        prop_assert!(list.diagnostics().is_empty());
    }

    #[test]
    fn no_text_panics_and_every_row_is_accounted_for(rows in proptest::collection::vec("[ -~]{0,30}|\\PC{0,10}", 0..8)) {
        let _ = Blocklist::mastodon_csv(&rows.join("\n"));
        let named: String = rows.iter().map(|row| format!("{}\n", row.replace([',', '"'], ""))).collect();
        let list = read(&format!("#domain\n{named}"));
        let odd = |left_out| list.diagnostics().iter().filter(|odd| odd.oddity.is_left_out() == left_out).count();
        let read = list.hosts().len() + odd(true) + odd(false);
        // Lines with nothing at all are no rows.
        let written = rows.iter().filter(|row| !row.replace([',', '"'], "").is_empty()).count();
        prop_assert_eq!(read, written);
    }

    #[test]
    fn the_order_of_rows_does_not_matter(mut rows in proptest::collection::vec("[ab]\\.test,(suspend|silence|noop),(true|false),false,[xy]?,false", 0..6), by in any::<prop::sample::Index>()) {
        let before = super::mastodon_csv::rows(&rows.join("\n"));
        if !rows.is_empty() {
            let by = by.index(rows.len());
            rows.rotate_left(by);
        }
        let after = super::mastodon_csv::rows(&rows.join("\n"));
        prop_assert_eq!(before.hosts(), after.hosts());
    }
}
