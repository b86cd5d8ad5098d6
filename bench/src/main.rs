//! Every figure of the project, each beside what nobody can avoid.
//!
//! `cargo run --release -p bench [-- NAME…]` prints one line per figure, separated by tabs: name, ratio, ours,
//! floor, unit.

#![expect(clippy::expect_used, reason = "what does not work here is not worth measuring")]

mod core;
mod inbox;
mod measure;
mod sig;

use measure::Figure;

type Take = fn() -> Figure;

/// Every figure there is, and what takes it.
const FIGURES: &[(&str, Take)] = &[
    ("parse", core::parse),
    ("write", core::write),
    ("jcs", core::jcs),
    ("read8", core::read8),
    ("memory", core::memory),
    ("sign-cavage", sig::sign_cavage),
    ("sign-rfc9421", sig::sign_rfc9421),
    ("verify-cavage", sig::verify_cavage),
    ("verify-rfc9421", sig::verify_rfc9421),
    ("inbox", inbox::inbox),
];

fn main() -> std::process::ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|asked| FIGURES.iter().all(|(name, _)| name != asked)) {
        let names: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
        eprintln!("no figure is called {unknown:?}; there are: {}", names.join(" "));
        return std::process::ExitCode::FAILURE;
    }
    for (name, take) in FIGURES {
        if asked.is_empty() || asked.iter().any(|asked| asked == name) {
            let Figure { ours, floor, ratio, unit } = take();
            println!("{name}\t{ratio:.3}\t{ours:.3}\t{floor:.3}\t{unit}");
        }
    }
    std::process::ExitCode::SUCCESS
}
