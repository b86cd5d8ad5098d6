//! The blog as a program.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::filter::LevelFilter;

/// A blog of Markdown files that federates.
#[derive(Parser)]
#[command(version)]
struct Flags {
    /// The address to answer on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// The folder of posts, pictures, settings and database; made when it is not there
    #[arg(long, value_name = "FOLDER", default_value = "blog-data")]
    data: PathBuf,
    /// The origin other servers know the blog by, such as https://blog.example [default: http://ADDRESS]
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
    /// Make and print a new password for /admin
    #[arg(long)]
    new_password: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let flags = Flags::parse();
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let mut config = blog::Config::new(flags.listen, flags.data);
    config.origin = flags.origin;
    config.new_password = flags.new_password;
    match blog::run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("blog: {error}");
            ExitCode::FAILURE
        }
    }
}
