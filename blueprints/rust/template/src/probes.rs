//! `/livez` and `/readyz`, by which a platform decides whether to restart the service and whether to send it requests.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::sync::watch;

/// How far the service is on its way from start to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Serving,
    /// It still serves, and says that it will not for long.
    Draining,
    /// It accepts no connection and finishes what has begun.
    Stopping,
}

/// Returns the routes of the probes.
pub fn routes(phase: watch::Receiver<Phase>) -> Router {
    Router::new()
        .route("/livez", get(live))
        .route("/readyz", get(ready))
        .with_state(phase)
}

/// It asks no dependency: a restart, which is what its failure leads to, would not mend one.
async fn live() -> &'static str {
    "ok\n"
}

async fn ready(State(phase): State<watch::Receiver<Phase>>) -> (StatusCode, &'static str) {
    if *phase.borrow() == Phase::Serving {
        (StatusCode::OK, "ok\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "draining\n")
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn status(phase: Phase, path: &str) -> StatusCode {
        let (_sender, receiver) = watch::channel(phase);
        let request = Request::get(path).body(Body::empty()).unwrap();
        routes(receiver).oneshot(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn only_readiness_ends_with_draining() {
        assert_eq!(status(Phase::Serving, "/livez").await, StatusCode::OK);
        assert_eq!(status(Phase::Serving, "/readyz").await, StatusCode::OK);
        assert_eq!(status(Phase::Draining, "/livez").await, StatusCode::OK);
        let ready = status(Phase::Draining, "/readyz").await;
        assert_eq!(ready, StatusCode::SERVICE_UNAVAILABLE);
    }
}
