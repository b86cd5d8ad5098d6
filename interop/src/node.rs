//! Node and the npm packages of a peer: installed where they are missing, then started.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::process::{Log, Process};
use crate::trouble::Trouble;

/// Installs the packages of `folder` as its lock file has them, unless that was done since the lock file last changed.
pub(crate) async fn install(folder: &Path) -> Result<(), Trouble> {
    if is_installed(folder) {
        return Ok(());
    }
    println!("installing the npm packages of {}", folder.display());
    let status =
        Command::new("npm").args(["ci", "--loglevel=error"]).current_dir(folder).status().await.map_err(
            |_| Trouble::Missing {
                program: "npm",
                remedy: "install Node.js with npm (any version; the story brings its own Node)",
            },
        )?;
    if !status.success() {
        return Err(Trouble::Ended { program: "npm ci".to_owned(), status: status.to_string() });
    }
    if !node(folder).exists() {
        return Err(Trouble::Missing {
            program: "node_modules/node/bin/node",
            remedy: "npm did not run the install script of the package `node`; allow it and try again",
        });
    }
    Ok(())
}

/// Starts `script` of `folder` with the Node of its own packages, trusting `ca` besides the usual authorities.
pub(crate) fn start(
    name: &'static str,
    folder: &Path,
    script: &str,
    arguments: &[&str],
    ca: &Path,
) -> Result<Process, Trouble> {
    let mut command = Command::new(node(folder));
    command
        .arg(script)
        .args(arguments)
        .current_dir(folder)
        .env("NODE_EXTRA_CA_CERTS", ca)
        // A proxy of the machine has nothing to do with loopback.
        .env_remove("HTTPS_PROXY")
        .env_remove("https_proxy");
    Process::start(name, command, Log::default())
}

fn node(folder: &Path) -> PathBuf {
    folder.join("node_modules/node/bin/node")
}

/// npm writes `node_modules/.package-lock.json` when it is done.
fn is_installed(folder: &Path) -> bool {
    let changed = |path: &str| folder.join(path).metadata().and_then(|about| about.modified()).ok();
    let wanted = changed("package-lock.json");
    let installed = changed("node_modules/.package-lock.json");
    installed.is_some() && installed >= wanted && node(folder).exists()
}
