//! The story of a blog and one Fedify server, from the first look-up to the block.

use serde_json::json;

use crate::blog::Blog;
use crate::peer::{Fedify, Knock, text};
use crate::report::Report;
use crate::scene::Scene;
use crate::trouble::{Trouble, expect};
use crate::wait::eventually;

const POST: &str = "a-story";

/// Tells the story with both servers knocking in the same dialect. `None` where it broke off.
pub(crate) async fn tell(report: &mut Report, scene: &Scene, knock: Knock) -> Option<()> {
    report.chapter(knock.to_string(), Vec::new());
    let fedify = report.step("Fedify starts", Fedify::start("fedify", scene, knock)).await?;
    let blog = report.step("the blog starts", Blog::start(scene, knock)).await?;
    report
        .chapter(knock.to_string(), vec![("fedify", fedify.log().clone()), ("the blog", blog.log().clone())]);
    let us = they_follow(report, &fedify, &blog).await?;
    they_answer(report, &fedify, &blog).await?;
    we_change_our_mind(report, &fedify, &blog).await;
    they_leave(report, &fedify, &blog, &us).await;
    we_follow(report, &fedify, &blog, &us).await?;
    report
        .step("every delivery so far was signed in this dialect and taken at the first knock", async {
            eventually("the last delivery to be answered", || fedify.delivered_only(knock)).await?;
            eventually("the last delivery to be answered", || fedify.was_delivered_only(knock)).await
        })
        .await;
    we_block(report, &fedify, &blog).await
}

/// Fedify finds us and follows; the answer is our actor's id.
async fn they_follow(report: &mut Report, fedify: &Fedify, blog: &Blog) -> Option<String> {
    let us = report
        .step("Fedify looks our handle up", async {
            let found = fedify.ask("lookup", json!({"resource": blog.handle()})).await?;
            expect(text(&found, "/username") == "blog", "our actor should be called blog", &found)?;
            Ok(text(&found, "/id").to_owned())
        })
        .await?;
    report
        .step("Fedify follows and is accepted", async {
            let follow = fedify.ask("follow", json!({"actor": us})).await?;
            fedify.receives("Accept", text(&follow, "/id")).await
        })
        .await?;
    report
        .step("we count one follower", eventually("a follower on our page", || blog.counts_followers(1)))
        .await;
    report
        .step("a post of ours arrives", async {
            blog.write(POST, "A story", "Once upon a time.")?;
            let create = fedify.receives("Create", &blog.post(POST)).await?;
            expect(
                text(&create, "/object/content").contains("Once upon a time.")
                    && text(&create, "/object/attributedTo") == us,
                "the post should be ours and hold our text",
                &create,
            )
        })
        .await?;
    report
        .step("Fedify fetches the post by its address", async {
            let found = fedify.ask("lookup", json!({"resource": blog.post(POST)})).await?;
            expect(
                text(&found, "/id") == blog.post(POST)
                    && text(&found, "/content").contains("Once upon a time."),
                "the post should be there",
                &found,
            )
        })
        .await;
    Some(us)
}

async fn they_answer(report: &mut Report, fedify: &Fedify, blog: &Blog) -> Option<()> {
    let post = blog.post(POST);
    report
        .step("we show a reply", async {
            let content = "<p>Tell me <b>more</b>!</p><script>alert(1)</script>";
            fedify.ask("reply", json!({"to": post, "content": content})).await?;
            let page =
                eventually("the reply on the post's page", || blog.shows_reply(POST, "Tell me <b>more</b>!"))
                    .await?;
            expect(!page.contains("alert(1)"), "a stranger's script should not reach our page", "alert(1)")
        })
        .await;
    let like = report
        .step("we show a like", async {
            let like = fedify.ask("like", json!({"object": post})).await?;
            eventually("the like on the post's page", || blog.counts_likes(POST, 1)).await?;
            Ok(like)
        })
        .await;
    report
        .step("we show a boost", async {
            fedify.ask("boost", json!({"object": post})).await?;
            eventually("the boost on the post's page", || blog.counts_boosts(POST, 1)).await
        })
        .await;
    if let Some(like) = like {
        report
            .step("a like taken back is gone", async {
                fedify.ask("undo", json!({"activity": text(&like, "/id")})).await?;
                eventually("the like gone from the post's page", || blog.counts_likes(POST, 0)).await
            })
            .await;
    }
    Some(())
}

async fn we_change_our_mind(report: &mut Report, fedify: &Fedify, blog: &Blog) {
    report
        .step("we edit the post and Fedify sees it", async {
            blog.write(POST, "A story", "Twice upon a time.")?;
            let update = fedify.receives("Update", &blog.post(POST)).await?;
            expect(
                text(&update, "/object/content").contains("Twice upon a time."),
                "the post should hold the new text",
                &update,
            )
        })
        .await;
    report
        .step("we delete the post and Fedify sees it", async {
            blog.remove(POST)?;
            fedify.receives("Delete", &blog.post(POST)).await
        })
        .await;
    report.step("the post is gone from its address", eventually("410 Gone", || blog.is_gone(POST))).await;
}

async fn they_leave(report: &mut Report, fedify: &Fedify, blog: &Blog, us: &str) {
    report
        .step("Fedify unfollows and we count no follower", async {
            fedify.ask("unfollow", json!({"actor": us})).await?;
            eventually("no follower on our page", || blog.counts_followers(0)).await
        })
        .await;
}

async fn we_follow(report: &mut Report, fedify: &Fedify, blog: &Blog, us: &str) -> Option<()> {
    report
        .step("we follow Fedify", async {
            let them = fedify.actor();
            blog.follow(&fedify.handle()).await?;
            fedify.receives("Follow", &them).await?;
            eventually("the Follow to be accepted", || blog.follows(&them)).await
        })
        .await?;
    report
        .step("Fedify's note reaches us", async {
            fedify.ask("post", json!({"content": "<p>Hello, blog!</p>"})).await?;
            eventually("the note among what we read", || blog.has_read("Hello, blog!")).await
        })
        .await?;
    report
        .step("Fedify knows us as its follower", async {
            let followers = fedify.followers().await?;
            expect(followers == [us], "we should be the one follower", followers.join(", "))
        })
        .await;
    Some(())
}

async fn we_block(report: &mut Report, fedify: &Fedify, blog: &Blog) -> Option<()> {
    report.step("we block Fedify's server", blog.block(&fedify.host())).await?;
    report
        .step("Fedify's next activity is refused with 403", async {
            let refusal = fedify.ask("post", json!({"content": "<p>Still there?</p>"})).await;
            expect(
                matches!(refusal, Err(Trouble::Status { status: 403, .. })),
                "the delivery should fail with 403",
                match &refusal {
                    Ok(sent) => format!("{sent} was taken"),
                    Err(trouble) => trouble.to_string(),
                },
            )
        })
        .await;
    report
        .step("nothing of it is shown", async {
            let read = blog.reading().await?;
            expect(!read.contains("Still there?"), "the refused note should not be there", "it is")
        })
        .await
}
