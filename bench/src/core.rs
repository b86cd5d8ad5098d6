//! The figures of reading, writing and holding a document: a Create of a Note as Mastodon shapes it, beside
//! `serde_json::Value`.

use std::fs;
use std::hint::black_box;

use activitypub_core::{Create, Document, Note, Parsed};
use bytes::Bytes;

use crate::measure::{Figure, compare};

const DOCUMENT: &[u8] = include_bytes!("../fixtures/create-note.json");

pub(crate) fn parse() -> Figure {
    let bytes = Bytes::from_static(DOCUMENT);
    compare(|| parsed(&bytes), floor_value)
}

pub(crate) fn write() -> Figure {
    let (parsed, value) = (parsed(&Bytes::from_static(DOCUMENT)), floor_value());
    compare(|| parsed.to_json(), || serde_json::to_vec(&value))
}

/// The canonical form, beside the text of any form.
pub(crate) fn jcs() -> Figure {
    let (parsed, value) = (parsed(&Bytes::from_static(DOCUMENT)), floor_value());
    compare(|| parsed.to_jcs(), || serde_json::to_vec(&value))
}

/// What a server reads of a Note that arrives.
pub(crate) fn read8() -> Figure {
    let parsed = parsed(&Bytes::from_static(DOCUMENT));
    compare(
        || {
            let create = black_box(&parsed).cast::<Create>();
            let note = create.and_then(|create| create.object().of::<Note>().next());
            let note = note.expect("the fixture is a Create of a Note");
            black_box(note.id());
            black_box(note.types().next());
            black_box(note.attributed_to().first().and_then(|author| author.id()));
            black_box(note.content().in_language("en"));
            black_box(note.published());
            note.to().ids().for_each(|recipient| _ = black_box(recipient));
            black_box(note.in_reply_to().first().and_then(|parent| parent.id()));
            let attachment = note.attachment().of::<Document>().next();
            black_box(attachment.and_then(|document| document.url().first()).and_then(|url| url.href()))
                .is_some()
        },
        floor_value,
    )
}

/// The memory that many copies of the tree add to the process, divided among them.
pub(crate) fn memory() -> Figure {
    let bytes = Bytes::from_static(DOCUMENT);
    let ours = memory_of(|| parsed(&bytes));
    let floor = memory_of(floor_value);
    Figure { ours, floor, ratio: ours / floor, unit: "bytes" }
}

fn parsed(bytes: &Bytes) -> Parsed {
    Parsed::parse(bytes.clone()).expect("the fixture parses")
}

fn floor_value() -> serde_json::Value {
    serde_json::from_slice(black_box(DOCUMENT)).expect("the fixture parses")
}

fn memory_of<T>(make: impl Fn() -> T) -> f64 {
    const COPIES: u32 = 20_000;
    let before = anonymous_memory();
    let copies: Vec<T> = (0..COPIES).map(|_| make()).collect();
    let grown = anonymous_memory() - before - (copies.capacity() * size_of::<T>()) as f64;
    // They are never freed: what the next measurement took from the free list would not be counted.
    std::mem::forget(copies);
    grown / f64::from(COPIES) + size_of::<T>() as f64
}

/// Anonymous memory of this process, in bytes.
fn anonymous_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux says how much memory a process has");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|kib| kib.parse::<f64>().ok());
    kib.expect("a number of kB") * 1024.0
}
