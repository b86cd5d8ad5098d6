//! Stories told with real fediverse servers over loopback.
//!
//! `cargo run -p interop -- STORY` prints each step and ends with `N passed, N failed`; the exit code says the same.

mod blog;
mod ca;
mod child;
mod crash;
mod node;
mod peer;
mod process;
mod proxy;
mod report;
mod scene;
mod selfcheck;
mod story;
mod trouble;
mod wait;

use std::process::ExitCode;

use peer::Knock;
use report::Report;
use scene::Scene;
use trouble::Trouble;

const USAGE: &str = "\
cargo run -p interop -- STORY

  fedify       a Fedify server finds the blog, follows, reads and answers, and is blocked in the end; in both dialects
  crash        the blog is killed between publishing and delivering, and every follower still gets the post once
  self-check   two Fedify servers and no library of ours: where this fails, the harness is at fault
";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments).await {
        Ok(code) => code,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[&str]) -> Result<ExitCode, Trouble> {
    let mut report = Report::default();
    match arguments {
        ["fedify"] => {
            let scene = Scene::new()?;
            for knock in Knock::BOTH {
                let told = story::tell(&mut report, &scene, knock).await;
                report.close(told);
            }
        }
        ["crash"] => {
            let scene = Scene::new()?;
            let told = crash::tell(&mut report, &scene).await;
            report.close(told);
        }
        ["self-check"] => {
            let scene = Scene::new()?;
            for knock in Knock::BOTH {
                let told = selfcheck::tell(&mut report, &scene, knock).await;
                report.close(told);
            }
        }
        ["blog", data, origin, ca, knock] => {
            child::serve(data, origin, ca, knock).await?;
            return Ok(ExitCode::SUCCESS);
        }
        _ => {
            eprint!("{USAGE}");
            return Ok(ExitCode::from(2));
        }
    }
    Ok(report.end())
}
