//! HTML of strangers: nothing that can act comes through, nothing that people write is lost, and nothing takes long.
//!
//! The judge is another parser, which builds the tree that a browser would: it has to find nothing to remove and nothing
//! to move in what we write. The attacks are of the kinds that the OWASP XSS cheat sheet and the collections of mutation
//! XSS describe.

use std::collections::HashSet;

use activitypub_core::{UntrustedHtml, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::corpus::shared;

const ELEMENTS: [&str; 37] = [
    "a",
    "b",
    "bdi",
    "blockquote",
    "br",
    "cite",
    "code",
    "del",
    "div",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "ul",
];

const CLASSES: [&str; 7] = ["mention", "hashtag", "u-url", "h-card", "invisible", "ellipsis", "quote-inline"];

/// What a browser makes of the HTML, written out again, when only what may stay does.
fn as_browsers_read(html: &str) -> String {
    let mut judge = ammonia::Builder::empty();
    judge
        .tags(HashSet::from(ELEMENTS))
        .generic_attributes(HashSet::from(["class", "dir", "lang", "translate"]))
        .add_tag_attributes("a", ["href", "rel"])
        .add_tag_attributes("ol", ["reversed", "start"])
        .add_tag_attributes("li", ["value"])
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(None)
        .clean(html)
        .to_string()
}

/// The sanitized HTML, after everything that has to hold for it was checked.
fn check(html: &str) -> String {
    let clean = UntrustedHtml::new(html).sanitize().into_string();
    let shown: String = html.chars().take(300).collect();
    assert_eq!(as_browsers_read(&clean), clean, "a browser reads something else, of {shown:?}");
    assert_eq!(UntrustedHtml::new(&clean).sanitize().as_str(), clean, "sanitized twice, of {shown:?}");
    for link in clean.split("<a ").skip(1) {
        let tag = link.split('>').next().unwrap().to_lowercase();
        assert!(
            tag.starts_with("href=\"https://") || tag.starts_with("href=\"http://"),
            "{shown:?} became {clean}"
        );
        assert!(tag.ends_with(" rel=\"nofollow noopener noreferrer ugc\""), "{shown:?} became {clean}");
    }
    // Markup characters in values are escaped, so this is every tag.
    for tag in clean.split('<').skip(1).filter_map(|tag| tag.split('>').next()) {
        let classes = tag.split_once(" class=\"").and_then(|(_, value)| value.split('"').next());
        for class in classes.unwrap_or_default().split(' ').filter(|class| !class.is_empty()) {
            assert!(CLASSES.contains(&class), "{shown:?} became {clean}");
        }
    }
    clean
}

#[test]
fn attacks_come_to_nothing() {
    for (html, clean) in [
        // Scripts in every spelling.
        ("<script>x()</script>", ""),
        ("<SCRIPT SRC=//evil.example/x.js></SCRIPT >", ""),
        ("<script/x>y</script/z>", ""),
        ("<scr<script>ipt>x()</script>", "ipt&gt;x()"),
        ("<script><!--<script></script>--></script>", "--&gt;"),
        ("<<script>x()//<</script>", "&lt;"),
        ("<script\0>x()</script>", "x()"),
        ("<script", ""),
        ("<script>x()", ""),
        ("</script><p>x", "<p>x</p>"),
        ("<scripт>x", "x"),
        // Handlers and other attributes.
        ("<p onclick=x()>a", "<p>a</p>"),
        ("<p/onclick=x() / ONMOUSEOVER='y'>a", "<p>a</p>"),
        ("<p \u{c}onclick\n=\t\"x>y\">a", "<p>a</p>"),
        ("<p =onclick=x onclick>a", "<p>a</p>"),
        ("<p lang=\"en\" lang=\"x\" onclick>a", "<p lang=\"en\">a</p>"),
        ("<p lang='en\"><script>x()</script>'>a", "<p>a</p>"),
        ("<p id=top name=x style=\"background:url(//evil.example)\" class=\"top btn\">a", "<p>a</p>"),
        ("<b title='<script>x()</script>'>a", "<b>a</b>"),
        ("<p `onclick`=x ``>a", "<p>a</p>"),
        (
            "<span data-x=1 itemprop=x is=x slot=x part=x contenteditable accesskey=x tabindex=1>a",
            "<span>a</span>",
        ),
        ("<p dir=\"rtl\" dir=x>a<p dir=\"x\">b", "<p dir=\"rtl\">a</p><p>b</p>"),
        ("<p translate=NO>a", "<p translate=\"no\">a</p>"),
        // Links that are none.
        ("<a href=\"javascript:x()\">a</a>", "a"),
        ("<a href=\" &#x6A;ava&#115cript&colon;x()\">a</a>", "a"),
        ("<a href=\"java\tscript:x()\">a</a>", "a"),
        ("<a href=\"java&Tab;script&NewLine;:x()\">a</a>", "a"),
        ("<a href=\"\u{1}javascript:x()\">a</a>", "a"),
        ("<a href=vbscript:x>a</a>", "a"),
        ("<a href=\"data:text/html,<script>x()</script>\">a</a>", "a"),
        ("<a href=\"https:javascript:x()\">a</a>", "a"),
        ("<a href=\"//evil.example\">a</a>", "a"),
        ("<a href=\"/admin\">a</a>", "a"),
        ("<a href=\"#top\">a</a>", "a"),
        ("<a href=\"https://good.example@evil.example/\">a</a>", "a"),
        ("<a href=\"https://good.example\\@evil.example/\">a</a>", "a"),
        ("<a href=\"https:\\\\evil.example\">a</a>", "a"),
        ("<a href=\"https://\">a</a>", "a"),
        ("<a href=\"https://x.example/\u{202}\u{0}\">a</a>", "a"),
        ("<a href=\"file:///etc/passwd\">a</a>", "a"),
        ("<a href=\"blob:https://x.example/1\">a</a>", "a"),
        // What loads.
        ("<img src=https://evil.example/x onerror=x()>a", "a"),
        ("<image src=x onerror=x()>a", "a"),
        ("<picture><source srcset=x><img src=x></picture>a", "a"),
        ("<video poster=x><source src=x></video>a", "a"),
        ("<audio src=x autoplay></audio>a", "a"),
        ("<input type=image src=x onerror=x()>a", "a"),
        ("<link rel=stylesheet href=//evil.example>a", "a"),
        ("<meta http-equiv=refresh content='0;url=//evil.example'>a", "a"),
        ("<base href=//evil.example>a", "a"),
        ("<iframe src=//evil.example></iframe><iframe srcdoc='<script>x()</script>' />a", "a"),
        ("<embed src=x><object data=x><param name=x></object>a", "a"),
        ("<body background=x onload=x()>a", "a"),
        ("<table background=x><tr><td background=x>a", "<div><div><div>a</div></div></div>"),
        ("<style>@import '//evil.example'; *{display:none}</style>a", "a"),
        ("<style><style /><img src=x onerror=x()>a", ""),
        ("<bgsound src=x><frameset onload=x()><frame src=x>a", "a"),
        // What takes input, or leaves the element it stands in.
        (
            "<form action=//evil.example><form><input name=password><button formaction=javascript:x()>a",
            "<div><div>a</div></div>",
        ),
        ("<form id=x></form><button form=x>a", "<div></div>a"),
        ("<select><option>a<option>b", "<div>a<div>b</div></div>"),
        ("</p></div></article></main></body></html>a", "a"),
        ("<dialog open>a</dialog><marquee onstart=x()>b<blink>c", "abc"),
        ("<details ontoggle=x() open>a", "<div>a</div>"),
        ("<isindex prompt=x action=x><keygen onfocus=x autofocus>a", "a"),
        // Other namespaces and other ways of reading.
        ("<svg onload=x()><a xlink:href=javascript:x()>b</svg>a", "a"),
        ("<svg/onload=x()/>a", "a"),
        ("<svg></p><style><a id=\"</style><img src=1 onerror=x()>\">", ""),
        ("<svg><desc><style></svg><img src onerror=x()>a", "a"),
        (
            "<math><mtext></p><style><!--</style></math><img title=\"--&gt;&lt;img src=1 onerror=x()&gt;\">a",
            "a",
        ),
        ("<math><annotation-xml encoding=text/html><script>x()</script></math>a", "a"),
        (
            "<form><math><mtext></form><form><mglyph><style></math><img src onerror=x()></style></mglyph></form>a",
            "<div></div>a",
        ),
        ("<noscript><p title=\"</noscript><img src=x onerror=x()>\">a", "\"&gt;a"),
        ("<textarea><p title=\"</textarea><img src=x onerror=x()>\">a", "\"&gt;a"),
        ("<title><a title=\"</title><img src=x onerror=x()>\">a", "\"&gt;a"),
        ("<xmp><p title=\"</xmp><img src=x onerror=x()>\">a", "<p>a</p>"),
        ("<noembed><img src=x></noembed><noframes><img src=x></noframes>a", "a"),
        ("<plaintext><img src=x onerror=x()>a", "a"),
        ("<template><img src=x onerror=x()></template>a", "a"),
        ("<template shadowrootmode=open><slot></slot><script>x()</script></template>a", "a"),
        ("<listing>&lt;img src=x onerror=x()&gt;</listing>", "&lt;img src=x onerror=x()&gt;"),
        ("<p>&lt;script&gt;x()&lt;/script&gt;", "<p>&lt;script&gt;x()&lt;/script&gt;</p>"),
        ("<p>&amp;lt;script&amp;gt;", "<p>&amp;lt;script&amp;gt;</p>"),
        // Comments, declarations, sections.
        ("<!-- <p>x -->a", "a"),
        ("<!--><img src=x onerror=x()>-->a", "--&gt;a"),
        ("<!---><img src=x onerror=x()>-->a", "--&gt;a"),
        ("<!--x--!><img src=x onerror=x()>-->a", "--&gt;a"),
        ("<!-- a", ""),
        ("<![CDATA[<img src=x onerror=x()>]]>a", "]]&gt;a"),
        ("<!DOCTYPE x [<!ENTITY y \"z\">]>a&y;", "]&gt;a&amp;y;"),
        ("<?php x() ?>a</ x>b</>c", "abc"),
        ("<!--[if IE]><script>x()</script><![endif]-->a", "a"),
        // References and characters.
        (
            "&#0;&#x80;&#xD800;&#x110000;&#99999999999999999999;&bogus;&",
            "\u{fffd}€\u{fffd}\u{fffd}\u{fffd}&amp;bogus;&amp;",
        ),
        ("a\0b\u{1}\u{7f}\u{9f}c&#1;&#13;d\r\ne", "abc\nd\ne"),
        ("\u{feff}a\u{202e}b&nbsp;\"c\"", "a\u{202e}b&nbsp;\"c\""),
        ("a < b <3 <\u{e9}> << c<", "a &lt; b &lt;3 &lt;\u{e9}&gt; &lt;&lt; c&lt;"),
        ("+ADw-script+AD4-x()", "+ADw-script+AD4-x()"),
    ] {
        assert_eq!(check(html), clean, "{html}");
    }
}

#[test]
fn links_lead_to_the_web_and_vouch_for_nothing() {
    for (attributes, href) in [
        ("href=\"https://x.example/@ada\"", "https://x.example/@ada"),
        ("href=https://x.example ping=https://evil.example target=_top download", "https://x.example"),
        ("rel=opener href=HTTPS://X.example", "HTTPS://X.example"),
        (
            "xlink:href=\"javascript:x()\" href=\"http://x.example:8080/?a=1&b=2\"",
            "http://x.example:8080/?a=1&amp;b=2",
        ),
        ("href=' \n https://x.example/a b '", "https://x.example/a b"),
        ("href='https://x.example/?a&amp;lt;&copy=1'", "https://x.example/?a&amp;lt;&amp;copy=1"),
        ("href='https://x.example/\" onclick=\"x()'", "https://x.example/&quot; onclick=&quot;x()"),
        (
            "href='https://x.example/\"><script>x()</script>'",
            "https://x.example/&quot;&gt;&lt;script&gt;x()&lt;/script&gt;",
        ),
        ("href=https://bücher.example/ä", "https://bücher.example/ä"),
    ] {
        let clean = check(&format!("<a {attributes}>a</a>"));
        let rel = "rel=\"nofollow noopener noreferrer ugc\"";
        assert_eq!(clean, format!("<a href=\"{href}\" {rel}>a</a>"));
    }
}

#[test]
fn what_people_write_stays() {
    for html in [
        "<p>Hi <em>you</em>, <strong>look</strong>:<br>a &lt; b &amp; c</p><ul><li><code>x</code></li><li>y</li></ul>",
        "<ol reversed=\"\" start=\"3\"><li value=\"7\">a<ul><li>b</li></ul></li></ol><hr><pre><code>a\n  b</code></pre>",
        "<h1>T</h1><h2>t</h2><blockquote><p>q</p><blockquote>r</blockquote></blockquote><del>s</del><u>u</u>",
        "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rp>(</rp><rt>ji</rt><rp>)</rp></ruby>",
        "<p dir=\"rtl\" lang=\"ar\">مرحبا</p><p class=\"quote-inline\">RE: x</p>",
        "<figure><figcaption>c<sup>2</sup></figcaption></figure><div>d</div>",
    ] {
        assert_eq!(check(html), html);
    }
    let mention = "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://x.example/@ada\" class=\"u-url mention\" rel=\"nofollow noopener noreferrer ugc\">@<span>ada</span></a></span></p>";
    assert_eq!(check(mention), mention);
}

#[test]
fn what_was_nested_wrongly_is_nested_rightly() {
    for (html, clean) in [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a<object></object><p>b", "<p>a</p><p>b</p>"),
        ("<p>a<marquee><p>b</marquee>c", "<p>a</p><p>bc</p>"),
        ("<p><b>a<p>b</b>", "<p><b>a</b></p><p>b</p>"),
        ("<b><i>a</b>b</i>", "<b><i>a</i></b>b"),
        ("<b>a<div>b</b>c</div>", "<b>a<div>b</div></b>c"),
        (
            "<ul><li>a<li>b<ol><li>c</ol><li>d</ul>",
            "<ul><li>a</li><li>b<ol><li>c</li></ol></li><li>d</li></ul>",
        ),
        ("<h1>a<h2>b</h1>c", "<h1>a</h1><h2>b</h2>c"),
        ("<h1>a</h2><p>b", "<h1>a</h1><p>b</p>"),
        ("a</br>b</p>c", "a<br>bc"),
        ("<ruby>a<rt>b<rt>c</ruby>d", "<ruby>a<rt>b</rt><rt>c</rt></ruby>d"),
        ("<table><tr><td>a<td>b</table>", "<div><div><div>a<div>b</div></div></div></div>"),
        ("<li>a</li><hr/>b<br/>c", "<li>a</li><hr>b<br>c"),
    ] {
        assert_eq!(check(html), clean, "{html}");
    }
    let nested = check("<a href=https://x.example>a<div><a href=https://y.example>b</a></div></a>");
    assert_eq!(nested.matches("</a>").count(), 2);
    assert!(
        nested.starts_with("<a href=\"https://x.example\"") && nested.contains("<div></div></a><a"),
        "{nested}"
    );
}

#[test]
fn plain_text_is_what_a_reader_sees() {
    for (html, text) in [
        ("", ""),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a<br>b<br /><br><br><br>c</p>", "a\nb\n\nc"),
        ("<p>a<br></p>\n\n <p>b", "a\n\nb"),
        ("  a \n b\t<b> c</b>d <br> e ", "a b cd\ne"),
        ("<ul><li>a<li>b</ul>c<div>d</div>e", "a\nb\n\nc\nd\ne"),
        ("<h1>a</h1>b<blockquote>c</blockquote>d<hr>e", "a\n\nb\n\nc\n\nd\n\ne"),
        ("<pre>a\n  b\n\n\nc  d</pre>  e  f", "a\n  b\n\nc  d\n\ne f"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a\nb\nc"),
        ("&lt;b&gt; &amp;amp; &eacute;&#x1f600; &nbsp;x", "<b> &amp; é😀 \u{a0}x"),
        ("<script>x()</script><style>p{}</style><title>t</title>a<!-- b -->", "a"),
        (
            "<a href=\"https://x.example/long/path\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">x.example/long</span><span class=\"invisible\">/path</span></a>",
            "https://x.example/long/path",
        ),
        (
            "<p>Hi <span class=\"h-card\"><a href=\"https://x.example/@ada\">@<span>ada</span></a></span>!</p>",
            "Hi @ada!",
        ),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢(かん)"),
        ("<img alt=\"<b>x</b>\">a<a href=\">\">b</a>", "ab"),
    ] {
        assert_eq!(UntrustedHtml::new(html).to_plain_text(), text, "{html}");
    }
}

/// Repeats a piece up to a size.
fn filled(size: usize, piece: impl Fn(usize) -> String) -> String {
    let mut html = String::new();
    for number in 0.. {
        if html.len() >= size {
            break;
        }
        html.push_str(&piece(number));
    }
    html
}

#[test]
fn nothing_takes_longer_or_grows_larger_than_in_proportion() {
    let half = UntrustedHtml::LIMIT / 2;
    let reopened = filled(half, |n| format!("<b a={n}>")) + &filled(half, |_| "<p>x".to_owned());
    let attributes = |n: usize| filled(n, |n| format!(" a{n:x}"));
    for (what, html) in [
        ("text", "x".repeat(2 * half)),
        ("elements in elements", "<div>".repeat(100_000)),
        ("elements that are opened again", reopened),
        ("blocks in emphasis", "<b><p>".repeat(50_000)),
        ("links in links", "<a href=//x>".repeat(20_000) + &"<a href=http://x>".repeat(20_000)),
        ("ends without beginnings", "</b>".repeat(60_000)),
        ("ends of something far out", "<b>".to_owned() + &"<i></b></i>".repeat(20_000)),
        ("attributes", format!("<a{}>x", attributes(2 * half - 10))),
        ("100 000 attributes", format!("<a{}>x", " a=".repeat(100_000))),
        ("attributes of attributes", format!("<p {}>x", "class='mention '".repeat(16_000))),
        ("classes", format!("<p class=\"{}\">x", "mention x hashtag ".repeat(14_000))),
        ("tags without ends", "<a ".repeat(80_000)),
        ("comments without ends", "<!-->x<!-- ".repeat(20_000)),
        ("comments", "<!---->".repeat(37_000)),
        ("comments that end in doubt", "<!--".to_owned() + &"--x>".repeat(60_000)),
        ("open scripts", "<script></x></scrip>".repeat(12_000)),
        ("closed scripts", "<script></script>".repeat(15_000)),
        ("namespaces", "<svg><math>".repeat(24_000)),
        ("self-closing namespaces", "<svg/><math/>".repeat(20_000)),
        ("quotes without ends", "<a b='<a b=\"".repeat(20_000)),
        ("less than", "<".repeat(2 * half)),
        ("ampersands", "&".repeat(2 * half)),
        ("references without ends", "&#0".repeat(80_000) + &"&lt".repeat(5_000)),
        ("a long number", format!("&#{};", "0".repeat(half))),
        ("tables", "<table><tr><td>".repeat(17_000)),
        ("lists", "<ul><li>".repeat(32_000)),
        ("line ends", "<br>\n".repeat(50_000)),
    ] {
        // What is not linear takes minutes here.
        let html = UntrustedHtml::new(&html);
        let (clean, text) = (html.sanitize().into_string(), html.to_plain_text());
        let read = html.len().min(UntrustedHtml::LIMIT);
        assert!(clean.len() <= 6 * read, "{what}: {} bytes became {}", read, clean.len());
        assert!(text.len() <= read, "{what}: {} bytes of text", text.len());
    }
}

#[test]
fn nothing_is_nested_deeper_than_pages_bear_and_no_text_is_lost_for_it() {
    let html = (0..200).map(|n| format!("<div>{n} ")).collect::<String>();
    let clean = check(&html);
    assert_eq!(clean.matches("<div>").count(), 64);
    assert!(clean.contains("199"));
}

#[test]
fn what_is_longer_than_the_limit_is_cut_between_two_characters() {
    let html = "é".repeat(UntrustedHtml::LIMIT);
    assert_eq!(UntrustedHtml::new(&html).sanitize().as_str().len(), UntrustedHtml::LIMIT);
    let html = format!("x{html}");
    assert_eq!(UntrustedHtml::new(&html).sanitize().as_str().len(), UntrustedHtml::LIMIT - 1);
}

#[test]
fn what_is_not_trusted_does_not_show_itself() {
    let html = UntrustedHtml::new("<b>x</b>");
    assert_eq!(format!("{html:?} {:?}", html.to_owned()), "UntrustedHtml(8 bytes) UntrustedHtml(8 bytes)");
    assert_eq!(html.to_owned().as_untrusted_str(), "<b>x</b>");
}

/// Tags, attributes and texts of every kind, opened and closed anyhow.
fn soup() -> impl Strategy<Value = String> {
    let others = [
        "script",
        "style",
        "svg",
        "math",
        "mtext",
        "annotation-xml",
        "foreignObject",
        "desc",
        "template",
        "textarea",
        "title",
        "noscript",
        "table",
        "tr",
        "td",
        "caption",
        "form",
        "select",
        "option",
        "button",
        "object",
        "marquee",
        "img",
        "x-y",
        "body",
        "html",
        "plaintext",
        "xmp",
        "iframe",
        "nobr",
        "font",
        "dd",
    ];
    let name = move || prop_oneof![3 => select(&ELEMENTS[..]), 1 => select(others.to_vec())];
    let attribute = (
        select(
            &[
                "href",
                "class",
                "lang",
                "dir",
                "start",
                "value",
                "reversed",
                "onclick",
                "style",
                "src",
                "id",
                "rel",
                "=",
                "\"",
                "'",
                "/",
                "translate",
                "HREF",
            ][..],
        ),
        select(
            &[
                "",
                "=",
                "=x",
                "=\"https://x.example/\"",
                "='https://x.example/?a&amp;b'",
                "=\"javascript:x()\"",
                "=\"mention top\"",
                "='u-url",
                "=\"",
                "=2",
                "=-0",
                "=rtl",
                "=no",
                "=de",
                "= >",
                "=\"<b>\"",
            ][..],
        ),
    )
        .prop_map(|(name, value)| format!(" {name}{value}"));
    let tag = (
        select(&["<", "<", "</"][..]),
        name(),
        vec(attribute, 0..3),
        select(&[">", ">", ">", "/>", " ", ""][..]),
    );
    let piece = prop_oneof![
        6 => tag.prop_map(|(start, name, attributes, end)| format!("{start}{name}{}{end}", attributes.concat())),
        2 => "[a-z \n]{0,3}",
        1 => any::<String>(),
        2 => select(&[
            "<!--", "-->", "--!>", "<!-->", "<![CDATA[", "]]>", "<!doctype html>", "<?", "</>", "&lt;", "&amp", "&#13;",
            "&#0", "&", ";", "\0", "\r\n", "<", ">", "\"", "'", "</script>", "</style>", "</svg>", "\u{feff}", "&nbsp;",
        ][..]).prop_map(str::to_owned),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whatever_comes_is_harmless_and_settled(html in soup()) {
        let clean = check(&html);
        let again = UntrustedHtml::new(&clean).to_plain_text();
        prop_assert_eq!(UntrustedHtml::new(&html).to_plain_text(), again);
    }
}

/// Every text under these names, wherever it stands in a document.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(object) => {
            for (name, value) in object.members() {
                match value.as_str() {
                    Some(text) if matches!(name, "content" | "summary") => found.push(text),
                    _ => texts(value, found),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_texts_of_real_servers_stay_readable() {
    let mut count = 0;
    for (path, bytes) in crate::corpus::documents() {
        let Ok(value) = Value::parse(&bytes) else { continue };
        let mut found = Vec::new();
        texts(&value, &mut found);
        for html in found {
            count += 1;
            check(html);
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let browsers = ammonia::Builder::empty()
                .clean_content_tags(HashSet::from([
                    "script", "style", "iframe", "svg", "math", "video", "audio",
                ]))
                .clean(html)
                .to_string();
            let browsers = UntrustedHtml::new(&browsers).to_plain_text();
            assert_eq!(
                letters(&UntrustedHtml::new(html).to_plain_text()),
                letters(&browsers),
                "{path}: {html}"
            );
        }
    }
    assert!(shared().is_none() || count > 500, "{count} texts");
}
