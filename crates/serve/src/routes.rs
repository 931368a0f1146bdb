//! What can be asked.

use std::convert::Infallible;
use std::sync::Arc;
use std::thread;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use rayon::ThreadPool;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use spiral_explorer::{Explorer, HistoryRequest, PortraitRequest, Run, StrandsRequest, WorldRequest};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnboundedReceiverStream;

use crate::guard::{Names, guard};
use crate::pages;
use crate::server::pool;
use crate::subject::Opening;

/// Bytes of a body.
pub(crate) const MOST_BODY: usize = 512 * 1024;
/// Runs at a time, of all tabs together.
pub(crate) const MOST_RUNS: usize = 8;

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) explorer: Explorer,
    pub(crate) opening: Opening,
    pub(crate) pool: ThreadPool,
    pub(crate) runs: Arc<Semaphore>,
    pub(crate) stopped: fn() -> bool,
}

/// The server behind its guard.
pub(crate) fn router(shared: Arc<Shared>, names: Names) -> Router {
    Router::new()
        .route("/api/start", get(start))
        .route("/api/world", post(world))
        .route("/api/run", post(run))
        .route("/api/check", post(check))
        .route("/api/strands", post(strands))
        .route("/api/history", post(history))
        .route("/api/network", post(network))
        .route("/api/portrait", post(portrait))
        .fallback(pages::file)
        .with_state(shared)
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .layer(middleware::from_fn_with_state(names, guard))
}

async fn start(State(shared): State<Arc<Shared>>) -> Response {
    let start =
        json!({ "program": shared.explorer.start(), "opening": shared.opening, "threads": shared.pool.current_num_threads() });
    json_text(&start)
}

async fn world(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    answer(shared, &body, |shared, request: &WorldRequest| value(shared.explorer.describe(request))).await
}

async fn check(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    answer(shared, &body, |shared, request: &WorldRequest| value(Ok(shared.explorer.check(request)))).await
}

async fn strands(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    answer(shared, &body, |shared, request: &StrandsRequest| value(shared.explorer.strands(request))).await
}

async fn history(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    answer(shared, &body, |shared, request: &HistoryRequest| shared.explorer.history(request)).await
}

async fn network(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    answer(shared, &body, |shared, request: &HistoryRequest| value(shared.explorer.network(request))).await
}

async fn portrait(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    answer(shared, &body, |shared, request: &PortraitRequest| value(shared.explorer.portrait(request))).await
}

/// Numbers, texts and lists, all of which have a JSON form.
fn value(found: Result<impl serde::Serialize, spiral_explorer::Error>) -> Result<Value, spiral_explorer::Error> {
    Ok(serde_json::to_value(found?).unwrap_or_default())
}

/// Answers on a thread of the pool.
async fn answer<Q: DeserializeOwned + Send + 'static>(
    shared: Arc<Shared>,
    body: &Bytes,
    work: fn(&Shared, &Q) -> Result<Value, spiral_explorer::Error>,
) -> Response {
    let question: Q = match serde_json::from_slice(body) {
        Ok(question) => question,
        Err(error) => return misread(&error),
    };
    let Ok(permit) = shared.runs.clone().acquire_owned().await else { return busy() };
    let (sender, receiver) = oneshot::channel();
    let on_thread = shared.clone();
    shared.pool.spawn(move || {
        let _held = permit;
        if !sender.is_closed() {
            // Nobody waits any more where this fails.
            let _ = sender.send(work(&on_thread, &question));
        }
    });
    match receiver.await {
        Ok(Ok(value)) => json_text(&value),
        Ok(Err(error)) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "the program stopped with an error on this world").into_response(),
    }
}

/// Simulates, and sends an event after each stage. Where the reader goes away the work ends. A run has threads of its own: on shared ones a
/// thread that waits for a part of one run would begin another, and the first could not end before that one did.
async fn run(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let run: Run = match serde_json::from_slice(&body) {
        Ok(run) => run,
        Err(error) => return misread(&error),
    };
    let Ok(permit) = shared.runs.clone().try_acquire_owned() else { return busy() };
    let (sender, receiver) = mpsc::unbounded_channel::<String>();
    let started = thread::Builder::new().name("run".to_string()).spawn(move || {
        let _held = permit;
        let stopped = || sender.is_closed() || (shared.stopped)();
        // A reader who went away is noticed by `stopped`.
        let send = |name: &str, data: &str| drop(sender.send(format!("event: {name}\ndata: {data}\n\n")));
        let pool = match pool(Some(shared.pool.current_num_threads())) {
            Ok(pool) => pool,
            Err(error) => return send("problem", &json!(error.to_string()).to_string()),
        };
        let ended = pool.install(|| {
            shared.explorer.run(&run, &stopped, &mut |answer| send("answer", &serde_json::to_string(&answer).unwrap_or_default()))
        });
        match ended {
            Ok(()) => send("done", "{}"),
            Err(spiral_explorer::Error::Stopped) => send("stopped", "{}"),
            Err(error) => send("problem", &json!(error.to_string()).to_string()),
        }
    });
    if started.is_err() {
        return busy();
    }
    let events = UnboundedReceiverStream::new(receiver).map(Ok::<String, Infallible>);
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(events)).into_response()
}

fn json_text(value: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn misread(error: &serde_json::Error) -> Response {
    (StatusCode::BAD_REQUEST, format!("the request cannot be read: {error}")).into_response()
}

fn busy() -> Response {
    let message = format!("{MOST_RUNS} runs are under way already; wait for one of them, or close another tab");
    (StatusCode::SERVICE_UNAVAILABLE, message).into_response()
}
