//! From files to what has to be done.

use std::fs;
use std::path::Path;

use blog::db::posts::Row;
use blog::folder::{Folder, State};
use blog::plan::{Change, Plan, plan};
use jiff::Timestamp;
use tempfile::TempDir;

fn folder() -> (TempDir, Folder) {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join(Folder::MARK), "").unwrap();
    let folder = Folder::new(dir.path());
    (dir, folder)
}

fn write(dir: &TempDir, name: &str, text: &str) {
    fs::write(dir.path().join(name), text).unwrap();
}

fn row(file: &str, source: &str) -> Row {
    let published = Timestamp::UNIX_EPOCH;
    Row {
        slug: file.to_owned(),
        file: file.to_owned(),
        source: source.to_owned(),
        published,
        updated: None,
        deleted: None,
    }
}

fn planned(folder: &mut Folder, rows: &[Row]) -> Plan {
    folder.look().unwrap();
    plan(folder, rows, Timestamp::now())
}

fn settled(folder: &mut Folder, rows: &[Row]) -> Plan {
    folder.look().unwrap();
    planned(folder, rows)
}

#[test]
fn a_new_file_is_published_once_two_looks_agree() {
    let (dir, mut folder) = folder();
    write(&dir, "hello.md", "Hello.");
    assert_eq!(planned(&mut folder, &[]).changes, []);
    let publish = Change::Publish { file: "hello".into(), slug: "hello".into(), source: "Hello.".into() };
    assert_eq!(planned(&mut folder, &[]).changes, [publish]);
}

#[test]
fn a_change_is_an_edit_and_a_missing_file_a_deletion() {
    let (dir, mut folder) = folder();
    write(&dir, "changed.md", "New words.");
    write(&dir, "same.md", "Same.");
    let rows = [row("changed", "Old words."), row("gone", "Gone."), row("same", "Same.")];
    let plan = settled(&mut folder, &rows);
    let edit = Change::Edit { slug: "changed".into(), source: "New words.".into() };
    assert_eq!(plan.changes, [edit, Change::Delete { slug: "gone".into() }]);
}

#[test]
fn a_save_in_progress_is_neither_a_deletion_nor_an_edit() {
    let (dir, mut folder) = folder();
    write(&dir, "post.md", "Whole text.");
    let rows = [row("post", "Whole text.")];
    assert_eq!(settled(&mut folder, &rows).changes, []);

    // One editor empties the file and fills it again.
    write(&dir, "post.md", "");
    assert_eq!(planned(&mut folder, &rows), Plan::default());
    write(&dir, "post.md", "Whole new");
    assert_eq!(planned(&mut folder, &rows), Plan::default());
    write(&dir, "post.md", "Whole new text.");
    assert_eq!(planned(&mut folder, &rows), Plan::default());
    let edit = Change::Edit { slug: "post".into(), source: "Whole new text.".into() };
    assert_eq!(planned(&mut folder, &rows).changes, [edit]);

    // Another moves it away and writes a new one.
    let rows = [row("post", "Whole new text.")];
    fs::rename(dir.path().join("post.md"), dir.path().join("post.md~")).unwrap();
    assert_eq!(planned(&mut folder, &rows), Plan::default());
    write(&dir, "post.md", "Whole new text.");
    assert_eq!(planned(&mut folder, &rows), Plan::default());
    assert_eq!(planned(&mut folder, &rows).changes, []);
}

#[test]
fn a_file_left_empty_is_a_problem_and_its_post_stays() {
    let (dir, mut folder) = folder();
    write(&dir, "post.md", "");
    let plan = settled(&mut folder, &[row("post", "Text.")]);
    assert_eq!(plan.changes, []);
    assert_eq!(plan.problems.len(), 1);
}

#[test]
fn a_broken_file_leaves_its_post_and_the_others_alone() {
    let (dir, mut folder) = folder();
    write(&dir, "broken.md", "---\ntitle: [\n---\nText.");
    fs::write(dir.path().join("binary.md"), [0xff, 0xfe, 0x00]).unwrap();
    write(&dir, "fine.md", "Fine.");
    let plan = settled(&mut folder, &[row("broken", "Text.")]);
    assert_eq!(
        plan.changes,
        [Change::Publish { file: "fine".into(), slug: "fine".into(), source: "Fine.".into() }]
    );
    let files: Vec<_> = plan.problems.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(files, ["broken", "binary"]);
}

#[test]
fn drafts_and_posts_dated_later_wait() {
    let (dir, mut folder) = folder();
    write(&dir, "draft.md", "---\ndraft: true\n---\nNot yet.");
    write(&dir, "later.md", "---\ndate: 2999-01-01\n---\nLater.");
    let plan = settled(&mut folder, &[]);
    assert_eq!(plan.changes, []);
    assert_eq!(plan.waiting.len(), 2);
}

#[test]
fn a_post_that_becomes_a_draft_is_taken_back_but_a_later_date_takes_nothing_back() {
    let (dir, mut folder) = folder();
    write(&dir, "one.md", "---\ndraft: true\n---\nText.");
    write(&dir, "two.md", "---\ndate: 2999-01-01\n---\nText.");
    let plan = settled(&mut folder, &[row("one", "Text."), row("two", "Text.")]);
    assert_eq!(plan.changes[0], Change::Delete { slug: "one".into() });
    assert!(matches!(&plan.changes[1], Change::Edit { slug, .. } if slug == "two"), "{plan:?}");
}

#[test]
fn nothing_is_deleted_from_a_folder_that_is_not_the_blogs_own() {
    let (dir, mut folder) = folder();
    // What a disk that is not mounted leaves behind.
    fs::remove_file(dir.path().join(Folder::MARK)).unwrap();
    let plan = settled(&mut folder, &[row("post", "Text.")]);
    assert_eq!(plan.changes, []);
    assert_eq!(plan.held, ["post"]);
}

#[test]
fn a_folder_that_cannot_be_listed_changes_nothing() {
    let mut folder = Folder::new(Path::new("/nowhere/at/all"));
    assert!(folder.look().is_err());
    assert_eq!(folder.state("post"), State::Unsettled);
    assert_eq!(plan(&folder, &[row("post", "Text.")], Timestamp::now()), Plan::default());
}

#[test]
fn only_markdown_files_count() {
    let (dir, mut folder) = folder();
    for name in [".hidden.md", ".md", "notes.txt", "post.md~", "#post.md#"] {
        write(&dir, name, "Text.");
    }
    fs::create_dir(dir.path().join("folder.md")).unwrap();
    assert_eq!(settled(&mut folder, &[]), Plan::default());
}
