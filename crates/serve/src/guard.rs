//! Who may ask, and what a browser may do with the answers.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What the page may load and do: its own files, nothing inline, no other site.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri \
                      'none'; form-action 'none'; frame-ancestors 'none'";
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCES: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The names under which the server may be asked.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    hosts: [String; 2],
}

impl Names {
    /// The names on a port of this machine.
    pub(crate) fn on(port: u16) -> Self {
        Self { hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")] }
    }

    /// Why a request is refused; `None` where it is welcome.
    fn refuses(&self, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
        let own = |host: &str| self.hosts.iter().any(|name| name.eq_ignore_ascii_case(host));
        let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        // Two of a header are one too many: which of them counts is anybody's guess.
        if [&HOST, &ORIGIN, &CONTENT_TYPE].iter().any(|name| headers.get_all(*name).iter().count() > 1) {
            return Some("a header stands twice");
        }
        if !text(&HOST).is_some_and(own) {
            return Some("the explorer answers only under its own address; open the one that `spiral serve` printed");
        }
        if !text(&ORIGIN).is_none_or(|origin| origin.strip_prefix("http://").is_some_and(own)) {
            return Some("the explorer does not answer pages of other sites");
        }
        if !text(&FETCH_SITE).is_none_or(|site| ["same-origin", "none"].contains(&site)) {
            return Some("the explorer does not answer pages of other sites");
        }
        if method == Method::POST && !text(&CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json")) {
            return Some("a body must be application/json");
        }
        None
    }
}

/// Refuses foreign requests, and adds to every answer what protects the page.
pub(crate) async fn guard(State(names): State<Names>, request: Request<Body>, next: Next) -> Response {
    let mut response = match names.refuses(request.method(), request.headers()) {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCES, HeaderValue::from_static("same-origin"));
    response
}
