//! What the service does. Add your routes and handlers here.

use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::service;

/// Returns the routes of the service, the probes apart.
pub fn routes() -> Router {
    Router::new().route("/", get(root))
}

/// What the service says of itself.
#[derive(Serialize)]
struct Info {
    service: &'static str,
    version: &'static str,
    message: &'static str,
}

async fn root() -> Json<Info> {
    Json(Info {
        service: service::NAME,
        version: service::VERSION,
        message: service::MESSAGE,
    })
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode};
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn root_says_what_the_service_is() {
        let request = Request::get("/").body(Body::empty()).unwrap();
        let response = routes().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "application/json");
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let said: Value = serde_json::from_slice(&body).unwrap();
        let expected = json!({
            "service": service::NAME,
            "version": service::VERSION,
            "message": service::MESSAGE,
        });
        assert_eq!(said, expected);
    }
}
