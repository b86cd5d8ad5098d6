//! The blog dies as by `kill -9` between publishing and delivering: every follower still gets the post, once in its effects.

use std::time::Duration;

use serde_json::json;

use crate::blog::Blog;
use crate::peer::{Fedify, Knock, text};
use crate::proxy::Backend;
use crate::report::Report;
use crate::scene::Scene;
use crate::trouble::{Trouble, expect};
use crate::wait::{eventually, within};

/// How long after a file was saved the blog is killed, round by round, in milliseconds. The blog believes a file when two
/// looks, a second apart, agree: so it dies before it has looked, while it commits, while it delivers, and after.
const MOMENTS: [u64; 10] = [0, 500, 900, 1000, 1100, 1200, 1400, 1600, 1800, 2200];

/// What failed once is tried again a quarter of a minute later, or somewhat more.
const SECOND_TRY: Duration = Duration::from_secs(60);

/// Tells the story; `None` where it broke off.
pub(crate) async fn tell(report: &mut Report, scene: &Scene) -> Option<()> {
    report.chapter("crash", Vec::new());
    let mut followers = Vec::new();
    for name in ["near", "deaf", "away"] {
        let step = format!("a follower called {name} starts");
        followers.push(report.step(&step, Fedify::start(name, scene, Knock::Rfc9421)).await?);
    }
    let [near, deaf, away] = followers.as_slice() else {
        return None;
    };
    let mut blog = report.step("the blog starts", Blog::start(scene, Knock::Rfc9421)).await?;
    report.chapter(
        "crash",
        vec![
            ("near", near.log().clone()),
            ("deaf", deaf.log().clone()),
            ("away", away.log().clone()),
            ("the blog", blog.log().clone()),
        ],
    );
    report
        .step("all three follow", async {
            for follower in &followers {
                let us = follower.ask("lookup", json!({"resource": blog.handle()})).await?;
                let follow = follower.ask("follow", json!({"actor": text(&us, "/id")})).await?;
                follower.receives("Accept", text(&follow, "/id")).await?;
            }
            Ok(())
        })
        .await?;

    report
        .step("killed while one follower has the post, one is being told and one is out of reach", async {
            deaf.hide_behind(Backend::Silent);
            away.hide_behind(Backend::Away);
            blog.write("held", "Held", "It was being delivered.")?;
            near.receives("Create", &blog.post("held")).await?;
            eventually("deliveries that get no answer", || async {
                let (silent, lost) = (deaf.missed(), away.missed());
                expect(silent > 0 && lost > 0, "both should have been tried", format!("{silent} and {lost}"))
            })
            .await?;
            blog.kill().await
        })
        .await?;
    report
        .step("restarted, it delivers to those who missed it", async {
            deaf.come_back();
            away.come_back();
            blog.restart().await?;
            arrives_once(&followers, &blog, "held").await
        })
        .await?;

    report
        .step("killed as soon as it has published, before anybody has the post, it delivers to all", async {
            followers.iter().for_each(|follower| follower.hide_behind(Backend::Away));
            blog.write("unheard", "Unheard", "Nobody has this yet.")?;
            eventually("the blog to publish", || async {
                let told = blog.log().has(&["published", &blog.post("unheard")]);
                expect(told, "the blog should say that it has published", "nothing of the kind")
            })
            .await?;
            blog.kill().await?;
            followers.iter().for_each(Fedify::come_back);
            blog.restart().await?;
            arrives_once(&followers, &blog, "unheard").await
        })
        .await?;

    for moment in MOMENTS {
        let step = format!("killed {moment} ms after a post was saved, it delivers once it is back");
        let slug = format!("after-{moment}-ms");
        let told = report.step(&step, async {
            blog.write(&slug, &slug, "Was I published?")?;
            tokio::time::sleep(Duration::from_millis(moment)).await;
            blog.kill().await?;
            blog.restart().await?;
            arrives_once(&followers, &blog, &slug).await
        });
        told.await;
    }
    report
        .step("nothing came a second time since", async {
            for moment in MOMENTS {
                took_effect_once(&followers, &blog.post(&format!("after-{moment}-ms"))).await?;
            }
            took_effect_once(&followers, &blog.post("unheard")).await?;
            took_effect_once(&followers, &blog.post("held")).await
        })
        .await
}

/// The Create of a post comes to every follower, and is one and the same activity however often it was sent.
async fn arrives_once(followers: &[Fedify], blog: &Blog, slug: &str) -> Result<(), Trouble> {
    let mut ids = Vec::new();
    for follower in followers {
        let post = blog.post(slug);
        let create =
            within(SECOND_TRY, format!("Create of {post}"), || follower.received("Create", &post)).await?;
        ids.push(text(&create, "/id").to_owned());
    }
    ids.dedup();
    expect(ids.len() == 1, "every follower should get the same activity", ids.join(", "))?;
    took_effect_once(followers, &blog.post(slug)).await
}

async fn took_effect_once(followers: &[Fedify], post: &str) -> Result<(), Trouble> {
    for follower in followers {
        let times = follower.times_received("Create", post).await?;
        expect(times == 1, format!("{post} should take effect once"), format!("{times} times"))?;
    }
    Ok(())
}
