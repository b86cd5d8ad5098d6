//! The first start, and those after it.

use std::fs;
use std::path::Path;

use blog::db::posts;
use blog::{Blog, Config, Error};
use tempfile::TempDir;

async fn open(data: &Path) -> Result<Blog, Error> {
    let mut config = Config::new("127.0.0.1:0".parse().unwrap(), data);
    config.origin = Some("http://blog.localhost:8000".to_owned());
    Blog::open(config).await
}

async fn look(blog: &Blog) -> Vec<String> {
    for _ in 0..2 {
        blog.app().look().await.unwrap();
    }
    let rows = blog.app().shelves.db.read(posts::published).await.unwrap();
    rows.into_iter().map(|row| row.slug).collect()
}

#[tokio::test]
async fn what_changed_while_it_was_away_is_noticed() {
    let data = TempDir::new().unwrap();
    let blog = open(data.path()).await.unwrap();
    assert!(blog.password().is_some());
    assert_eq!(look(&blog).await, ["welcome", "your-turn"]);
    drop(blog);

    let posts = data.path().join("posts");
    fs::remove_file(posts.join("your-turn.md")).unwrap();
    fs::write(posts.join("welcome.md"), "Shorter.").unwrap();
    fs::write(posts.join("new.md"), "New.").unwrap();
    let blog = open(data.path()).await.unwrap();
    assert_eq!(blog.password(), None, "the password is shown once");
    assert!(
        blog.app().shelves.shelf().post("your-turn").is_some(),
        "nothing happens before the folder was looked at"
    );
    assert_eq!(look(&blog).await, ["new", "welcome"]);
    let shelf = blog.app().shelves.shelf();
    assert!(shelf.is_grave("your-turn"));
    assert!(shelf.post("welcome").unwrap().html.as_str().contains("Shorter."));
}

#[tokio::test]
async fn a_post_whose_file_broke_while_it_was_away_is_still_out() {
    let data = TempDir::new().unwrap();
    let blog = open(data.path()).await.unwrap();
    look(&blog).await;
    drop(blog);
    fs::write(data.path().join("posts/welcome.md"), "---\nnonsense: true\n---\n").unwrap();
    let blog = open(data.path()).await.unwrap();
    assert_eq!(look(&blog).await, ["welcome", "your-turn"]);
    assert!(blog.app().shelves.shelf().post("welcome").unwrap().html.as_str().contains("letterbox"));
    assert_eq!(blog.app().desk().plan.problems.len(), 1);
}

#[tokio::test]
async fn a_folder_has_one_origin_for_life() {
    let data = TempDir::new().unwrap();
    drop(open(data.path()).await.unwrap());
    let mut config = Config::new("127.0.0.1:0".parse().unwrap(), data.path());
    config.origin = Some("https://elsewhere.example".to_owned());
    assert!(matches!(Blog::open(config).await, Err(Error::Moved { .. })));
}

#[tokio::test]
async fn an_origin_is_an_origin() {
    for wrong in [
        "blog.example",
        "https://blog.example/path",
        "ftp://blog.example",
        "https://a@blog.example",
        "https://blog.example/?q",
    ] {
        let data = TempDir::new().unwrap();
        let mut config = Config::new("127.0.0.1:0".parse().unwrap(), data.path());
        config.origin = Some(wrong.to_owned());
        assert!(matches!(Blog::open(config).await, Err(Error::Origin(_))), "{wrong}");
    }
}

#[tokio::test]
async fn settings_that_are_not_understood_name_the_line() {
    let data = TempDir::new().unwrap();
    fs::write(data.path().join("blog.yaml"), "title: Fine\ncolour: blue\n").unwrap();
    let error = open(data.path()).await.map(drop).unwrap_err().to_string();
    assert!(error.contains("blog.yaml") && error.contains("colour") && error.contains("line 2"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let outer = TempDir::new().unwrap();
    let data = outer.path().join("data");
    drop(open(&data).await.unwrap());
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
}
