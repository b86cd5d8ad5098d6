//! Two Fedify servers tell each other a short story: where this fails, the harness is at fault and not the library.

use serde_json::json;

use crate::peer::{Fedify, Knock, text};
use crate::report::Report;
use crate::scene::Scene;
use crate::wait::eventually;

/// Tells the story with both servers knocking in the same dialect.
pub(crate) async fn tell(report: &mut Report, scene: &Scene, knock: Knock) -> Option<()> {
    report.chapter(format!("self-check, {knock}"), Vec::new());
    let left = report.step("a Fedify server starts", Fedify::start("left", scene, knock)).await?;
    let right = report.step("another one starts", Fedify::start("right", scene, knock)).await?;
    report.chapter(
        format!("self-check, {knock}"),
        vec![("left", left.log().clone()), ("right", right.log().clone())],
    );

    report
        .step("one looks the other up and follows", async {
            left.ask("lookup", json!({"resource": right.handle()})).await?;
            left.ask("follow", json!({"actor": right.actor()})).await?;
            right.receives("Follow", &right.actor()).await
        })
        .await?;
    let note = report
        .step("the other's post arrives", async {
            let post = right.ask("post", json!({"content": "<p>Hello!</p>"})).await?;
            left.receives("Create", text(&post, "/note")).await
        })
        .await?;
    report
        .step("a like comes back", async {
            let note = text(&note, "/object/id");
            left.ask("like", json!({"object": note})).await?;
            right.receives("Like", note).await
        })
        .await?;
    report
        .step("every signed request is in the dialect chosen", async {
            eventually("the last delivery to be answered", || left.delivered_only(knock)).await?;
            eventually("the last delivery to be answered", || left.was_delivered_only(knock)).await
        })
        .await?;
    Some(())
}
