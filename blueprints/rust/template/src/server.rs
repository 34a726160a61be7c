//! Runs the service the way a container platform expects it: with limits, and a shutdown that finishes what has begun.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::middleware::{self, Next};
use axum::response::Response;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::config::Config;
use crate::probes::{self, Phase};
use crate::requests;

/// The time for a request's head. Hyper counts the pause before a connection's next request too, so it is longer than
/// the 60 seconds for which load balancers keep one open.
const HEAD_LIMIT: Duration = Duration::from_secs(65);
const MAX_HEAD_BYTES: usize = 64 * 1024;
const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Accepting fails when too many files are open; meanwhile some of them may close.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `routes` and the probes until `stop` ends, then shuts down: `/readyz` turns 503 and load balancers look away
/// during the drain delay; then no connection is accepted any more and requests that have begun are finished.
///
/// # Errors
///
/// Says so when some of them took longer than the shutdown timeout.
pub async fn run(
    listener: TcpListener,
    routes: Router,
    config: &Config,
    stop: impl Future<Output = ()>,
) -> Result<(), Box<dyn Error>> {
    let (phase, phases) = watch::channel(Phase::Serving);
    let app = app(routes, &phases);
    let connections = GracefulShutdown::new();
    tokio::select! {
        () = accept(&listener, &app, &phases, &connections) => {}
        () = drained(stop, &phase, config) => {}
    }
    drop(listener);
    phase.send_replace(Phase::Stopping);
    let limit = config.shutdown_timeout;
    timeout(limit, connections.shutdown())
        .await
        .map_err(|_| format!("requests were cut off after {limit:?}"))?;
    tracing::info!("stopped");
    Ok(())
}

fn app(routes: Router, phases: &watch::Receiver<Phase>) -> Router {
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .merge(probes::routes(phases.clone()))
        .layer(middleware::from_fn_with_state(phases.clone(), close_when_draining))
        .layer(middleware::from_fn(requests::observe))
}

/// Asks clients that keep their connection to open a new one, which another instance will get.
async fn close_when_draining(State(phase): State<watch::Receiver<Phase>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if *phase.borrow() != Phase::Serving {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

async fn drained(stop: impl Future<Output = ()>, phase: &watch::Sender<Phase>, config: &Config) {
    stop.await;
    phase.send_replace(Phase::Draining);
    tracing::info!(delay = ?config.drain_delay, timeout = ?config.shutdown_timeout, "draining");
    sleep(config.drain_delay).await;
}

async fn accept(listener: &TcpListener, app: &Router, phases: &watch::Receiver<Phase>, connections: &GracefulShutdown) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, app.clone(), phases.clone(), connections.watcher()));
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(stream: TcpStream, app: Router, mut phases: watch::Receiver<Phase>, watcher: Watcher) {
    // A connection on which nothing has begun must not hold up the end.
    tokio::select! {
        _ = stream.readable() => {}
        _ = phases.wait_for(|phase| *phase == Phase::Stopping) => return,
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "connection");
    }
}
