//! A program that runs beside the driver, ends with it, and whose last words are kept.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::trouble::Trouble;

const KEPT_LINES: usize = 200;
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running program: killed when dropped, and told by the end of its standard input if the driver itself is killed.
pub(crate) struct Process {
    name: &'static str,
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    log: Log,
}

impl Process {
    /// Starts `command` and adds what it writes to standard error to `log`.
    pub(crate) fn start(name: &'static str, mut command: Command, log: Log) -> Result<Self, Trouble> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(Trouble::during(format!("starting {name}")))?;
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(log.clone().follow(stderr));
        }
        let Some(stdout) = child.stdout.take() else {
            return Err(Trouble::Garbled {
                what: format!("the output of {name}"),
                found: "no output at all".to_owned(),
            });
        };
        Ok(Self { name, child, stdout: BufReader::new(stdout).lines(), log })
    }

    /// The first line of standard output: one line of JSON by which a program says that it is ready, and where.
    pub(crate) async fn hello(&mut self) -> Result<Value, Trouble> {
        let line = self.first_line().await?;
        serde_json::from_str(&line)
            .map_err(|_| Trouble::Garbled { what: format!("the first line of {}", self.name), found: line })
    }

    /// Ends the program as `kill -9` does.
    pub(crate) async fn kill(&mut self) -> Result<(), Trouble> {
        self.child.kill().await.map_err(Trouble::during(format!("killing {}", self.name)))
    }

    /// What it wrote to standard error.
    pub(crate) fn log(&self) -> &Log {
        &self.log
    }

    async fn first_line(&mut self) -> Result<String, Trouble> {
        let Ok(line) = tokio::time::timeout(START_LIMIT, self.stdout.next_line()).await else {
            return Err(Trouble::Late {
                what: format!("{} to say that it listens", self.name),
                limit: START_LIMIT,
                last: self.log.last(5).join("\n"),
            });
        };
        match line.map_err(Trouble::during(format!("reading from {}", self.name)))? {
            Some(line) => Ok(line),
            None => Err(Trouble::Ended {
                program: self.name.to_owned(),
                status: format!("\n{}", self.log.last(20).join("\n")),
            }),
        }
    }
}

/// The last lines of a program's log, shared with the task that reads them.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    /// At most the last `count` lines, oldest first.
    pub(crate) fn last(&self, count: usize) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().skip(lines.len().saturating_sub(count)).cloned().collect()
    }

    /// Whether one of the lines kept has all of these words in it.
    pub(crate) fn has(&self, words: &[&str]) -> bool {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().any(|line| words.iter().all(|word| line.contains(word)))
    }

    async fn follow(self, stream: impl AsyncRead + Unpin) {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() == KEPT_LINES {
                kept.pop_front();
            }
            kept.push_back(line);
        }
    }
}
