//! What happens around every request: an id, a time limit, and a line in the log.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

const ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_ID: usize = 64;
/// The time to read a request's body and to answer it.
const LIMIT: Duration = Duration::from_secs(30);

pub async fn observe(mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = given_id(request.headers()).unwrap_or_else(new_id);
    request.headers_mut().insert(ID, id.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = timeout(LIMIT, next.run(request))
        .await
        .unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response());

    let status = response.status().as_u16();
    let duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let request_id = id.to_str().unwrap_or_default();
    // Probes come every few seconds; they would fill the log.
    if matches!(path.as_str(), "/livez" | "/readyz") {
        tracing::debug!(%method, path, status, duration_ms, request_id, "request");
    } else {
        tracing::info!(%method, path, status, duration_ms, request_id, "request");
    }
    response.headers_mut().insert(ID, id);
    response
}

/// Returns the id that the caller sent, when it can go into our log and back in a header.
fn given_id(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(ID)?;
    let acceptable = (1..=LONGEST_ID).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic);
    acceptable.then(|| id.clone())
}

/// Returns 128 bits from the standard library's source of random hash keys.
fn new_id() -> HeaderValue {
    let random = || RandomState::new().build_hasher().finish();
    let text = format!("{:016x}{:016x}", random(), random());
    HeaderValue::from_str(&text).expect("hexadecimal digits are a header's value")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(id: &str) -> Option<HeaderValue> {
        given_id(&HeaderMap::from_iter([(ID, id.parse().unwrap())]))
    }

    #[test]
    fn an_id_that_can_be_logged_is_kept() {
        assert_eq!(given("a-1").unwrap(), "a-1");
        for refused in ["", "a b", &"x".repeat(LONGEST_ID + 1)] {
            assert_eq!(given(refused), None, "{refused:?}");
        }
        assert_eq!(given_id(&HeaderMap::new()), None);
    }

    #[test]
    fn new_ids_differ() {
        assert_eq!(new_id().len(), 32);
        assert_ne!(new_id(), new_id());
    }
}
