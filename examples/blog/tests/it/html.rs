//! What strangers' HTML is allowed to be.

use blog::html::{UntrustedHtml, one_line, own, web_url};

fn sanitised(html: &str) -> String {
    UntrustedHtml::new(html).unwrap().sanitise().as_str().to_owned()
}

#[test]
fn hostile_html_becomes_harmless() {
    for html in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg/onload=alert(1)>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<form><input type=image src=x formaction=javascript:alert(1)><button>x</button></form>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"JaVa\tScRiPt:alert(1)\">x</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
        "<a href=\"vbscript:x\">x</a>",
        "<p style=\"background:url(https://evil.example/)\" class=\"top\" id=\"content\" onclick=alert(1)>x</p>",
        "<style>*{display:none}</style>",
        "<link rel=stylesheet href=https://evil.example/>",
        "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
        "<base href=https://evil.example/>",
        "<video poster=https://evil.example/><source src=https://evil.example/></video>",
        "<a href=\"https://x.example\" ping=\"https://evil.example\" target=_top download>x</a>",
        "</div></article></main><header class=top>",
        "<template><img src=x onerror=alert(1)></template>",
        "<xmp><img src=x onerror=alert(1)></xmp>",
    ] {
        let clean = sanitised(html);
        let lower = clean.to_lowercase();
        for bad in [
            "<script",
            "<img",
            "<svg",
            "<style",
            "<form",
            "<iframe",
            "<link",
            "<meta",
            "<base",
            "<video",
            "<header",
            "</div",
            "script:",
            "data:",
            "style=",
            "class=",
            "id=",
            "evil.example/\"",
            "target=",
            "ping=",
            " onerror=\"",
            "onclick",
            "<template",
            "<input",
            "<button",
        ] {
            assert!(!lower.contains(bad), "{html} became {clean}, with {bad}");
        }
    }
}

#[test]
fn what_people_write_stays() {
    let html = "<p>Hi <a href=\"https://x.example/@ada\">@ada</a>, <em>see</em>:</p><ul><li><code>a &lt; b</code></li></ul><blockquote><p>quote</p></blockquote>";
    let rel = " rel=\"nofollow noopener noreferrer ugc\"";
    assert_eq!(sanitised(html), html.replace("@ada\">", &format!("@ada\"{rel}>")));
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
        let clean = sanitised(&format!("<a href=\"{href}\">x</a>"));
        assert!(!clean.contains("href"), "{href}: {clean}");
        assert_eq!(web_url(href), None, "{href}");
    }
}

#[test]
fn html_too_long_to_keep_is_not_kept() {
    assert!(UntrustedHtml::new("x".repeat(UntrustedHtml::LIMIT)).is_some());
    assert!(UntrustedHtml::new("x".repeat(UntrustedHtml::LIMIT + 1)).is_none());
}

#[test]
fn deeply_nested_html_does_no_harm() {
    let html = "<b><i>".repeat(UntrustedHtml::LIMIT / 6 - 1);
    assert!(sanitised(&html).len() < 10 * UntrustedHtml::LIMIT);
}

#[test]
fn names_cannot_turn_the_text_around_them() {
    assert_eq!(one_line("ad\u{202e}a\n\tL\u{0}", 80), "ada L");
    assert_eq!(one_line(&"x".repeat(100), 5), "xxxxx…");
    assert_eq!(one_line("", 5), "");
}

#[test]
fn the_authors_own_html_keeps_its_pictures_and_loses_its_scripts() {
    let html = own(
        "<figure><img src=\"/media/a.png\" alt=\"A\" onload=alert(1)></figure><script>1</script><a href=\"/tags\">t</a>",
    );
    assert_eq!(html.as_str(), "<figure><img src=\"/media/a.png\" alt=\"A\"></figure><a href=\"/tags\">t</a>");
}
