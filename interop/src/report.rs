//! The steps of the stories as they are told, and how many came out well.

use std::process::ExitCode;
use std::time::Instant;

use crate::process::Log;
use crate::trouble::Trouble;

const LINES_ON_FAILURE: usize = 15;

/// Counts steps and prints each as it ends.
#[derive(Default)]
pub(crate) struct Report {
    chapter: String,
    witnesses: Vec<(&'static str, Log)>,
    passed: usize,
    failed: usize,
}

impl Report {
    /// Begins a chapter. Its failures show the last lines of what its `witnesses` log.
    pub(crate) fn chapter(&mut self, name: impl Into<String>, witnesses: Vec<(&'static str, Log)>) {
        self.chapter = name.into();
        self.witnesses = witnesses;
    }

    /// Tells one step; `None` says that it failed.
    pub(crate) async fn step<T>(
        &mut self,
        step: &str,
        telling: impl Future<Output = Result<T, Trouble>>,
    ) -> Option<T> {
        let start = Instant::now();
        let outcome = telling.await;
        let seconds = start.elapsed().as_secs_f32();
        let chapter = &self.chapter;
        match outcome {
            Ok(value) => {
                self.passed += 1;
                println!("ok      {chapter}: {step} ({seconds:.1} s)");
                Some(value)
            }
            Err(trouble) => {
                self.failed += 1;
                println!("FAILED  {chapter}: {step} ({seconds:.1} s)\n        {trouble}");
                for (witness, log) in &self.witnesses {
                    println!("        the last lines of {witness}:");
                    for line in log.last(LINES_ON_FAILURE) {
                        println!("          {line}");
                    }
                }
                None
            }
        }
    }

    /// Ends a story; `None` says that it broke off before its last step.
    pub(crate) fn close(&self, told: Option<()>) {
        if told.is_none() {
            println!("        {}: the rest of the story builds on this step and is not told", self.chapter);
        }
    }

    /// Prints the count; the process ends with it.
    pub(crate) fn end(self) -> ExitCode {
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 && self.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
