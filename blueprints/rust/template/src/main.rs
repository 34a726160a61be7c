//! An HTTP service. Called with `healthcheck` it asks the running service whether it is alive.

mod api;
mod config;
mod healthcheck;
mod log;
mod probes;
mod requests;
mod server;
mod service;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::level_filters::LevelFilter;

use crate::config::Config;

fn main() -> ExitCode {
    let config = Config::load(|name| env::var(name).ok());
    log::init(config.as_ref().map_or(LevelFilter::INFO, |config| config.log_level));
    match run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "exit");
            ExitCode::FAILURE
        }
    }
}

fn run(config: Result<Config, String>) -> Result<(), Box<dyn Error>> {
    let config = config.map_err(|problem| format!("configuration: {problem}"))?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.join(" ").as_str() {
        "" => serve(&config),
        "healthcheck" => healthcheck::ask(config.address),
        other => Err(format!("unknown command {other:?}: there is only healthcheck, or nothing").into()),
    }
}

#[tokio::main]
async fn serve(config: &Config) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(config.address).await?;
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tracing::info!(
        service = service::NAME,
        address = %listener.local_addr()?,
        version = service::VERSION,
        revision = service::REVISION,
        "listening"
    );
    let stop = async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    server::run(listener, api::routes(), config, stop).await
}
