//! What strangers' HTML is allowed to be.

use activitypub::as2::UntrustedHtml;
use blog::html::{LIMIT, foreign, kept, own, web_url};

fn shown(html: &str) -> String {
    foreign(UntrustedHtml::new(html)).as_str().to_owned()
}

#[test]
fn html_of_others_is_shown_without_what_acts_loads_or_dresses_up() {
    let html =
        "<p class=top style=x onclick=x()>a<img src=https://evil.example/x><script>x()</script><form>b";
    assert_eq!(shown(html), "<p>a</p><div>b</div>");
}

#[test]
fn links_to_anything_but_the_web_lose_their_target() {
    for href in [
        "/admin",
        "//evil.example",
        "#content",
        "https://user:pass@x.example",
        "mailto:a@b.example",
        "https://",
        "ftp://x.example",
    ] {
        let clean = shown(&format!("<a href=\"{href}\">x</a>"));
        assert!(!clean.contains("href"), "{href}: {clean}");
        assert_eq!(web_url(href), None, "{href}");
    }
}

#[test]
fn html_too_long_to_keep_is_not_kept() {
    assert!(kept(UntrustedHtml::new(&"x".repeat(LIMIT))).is_some());
    assert!(kept(UntrustedHtml::new(&"x".repeat(LIMIT + 1))).is_none());
}

#[test]
fn the_authors_own_html_keeps_its_pictures_and_loses_its_scripts() {
    let html = own(
        "<figure><img src=\"/media/a.png\" alt=\"A\" onload=alert(1)></figure><script>1</script><a href=\"/tags\">t</a>",
    );
    assert_eq!(html.as_str(), "<figure><img src=\"/media/a.png\" alt=\"A\"></figure><a href=\"/tags\">t</a>");
}
