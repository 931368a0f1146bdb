//! Requests without sockets: who is refused, what hostile requests do, and that a run gives the numbers of the command line.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use spiral_explorer::Explorer;
use spiral_results::{Options, compare, format_difference, format_estimate};
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::guard::Names;
use crate::pages::Files;
use crate::routes::{MOST_BODY, MOST_RUNS, Shared, router};
use crate::server::pool;
use crate::subject::Opening;

const HOST: &str = "127.0.0.1:7878";
const JSON: &str = "application/json";

fn app() -> Router {
    let shared = Shared {
        explorer: Explorer::default(),
        opening: Opening::default(),
        pool: pool(Some(2)).unwrap_or_else(|error| panic!("{error}")),
        runs: Arc::new(Semaphore::new(MOST_RUNS)),
        stopped: || false,
    };
    router(Arc::new(shared), Names::on(7878))
}

fn on_runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap_or_else(|error| panic!("{error}"));
    runtime.block_on(work)
}

/// Status, headers and body of an answer.
async fn ask(app: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response = app.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
    let (status, headers) = (response.status(), response.headers().clone());
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap_or_else(|error| panic!("{error}"));
    (status, headers, String::from_utf8_lossy(&body).into_owned())
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).header("host", HOST).body(Body::empty()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn post(path: &str, body: impl Into<Body>) -> Request<Body> {
    let request =
        Request::post(path).header("host", HOST).header("content-type", JSON).header("origin", format!("http://{HOST}"));
    request.body(body.into()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The events of a run: name and data.
fn events(body: &str) -> Vec<(String, Value)> {
    let event = |text: &str| {
        let (name, data) = text.split_once('\n')?;
        let data = serde_json::from_str(data.strip_prefix("data: ")?).ok()?;
        Some((name.strip_prefix("event: ")?.to_string(), data))
    };
    body.split("\n\n")
        .filter(|text| !text.is_empty())
        .map(|text| event(text).unwrap_or_else(|| panic!("no event: {text}")))
        .collect()
}

#[test]
fn foreign_hosts_and_origins_are_refused() {
    on_runtime(async {
        let app = app();
        for (host, origin, site, expected) in [
            (Some(HOST), None, None, StatusCode::OK),
            (Some("localhost:7878"), Some("http://localhost:7878"), Some("same-origin"), StatusCode::OK),
            (Some("LOCALHOST:7878"), None, Some("none"), StatusCode::OK),
            (None, None, None, StatusCode::FORBIDDEN),
            (Some("127.0.0.1"), None, None, StatusCode::FORBIDDEN),
            (Some("127.0.0.1:80"), None, None, StatusCode::FORBIDDEN),
            (Some("attacker.example:7878"), None, None, StatusCode::FORBIDDEN),
            (Some("127.0.0.1:7878.attacker.example"), None, None, StatusCode::FORBIDDEN),
            (Some(HOST), Some("http://attacker.example"), None, StatusCode::FORBIDDEN),
            (Some(HOST), Some("https://127.0.0.1:7878"), None, StatusCode::FORBIDDEN),
            (Some(HOST), Some("null"), None, StatusCode::FORBIDDEN),
            (Some(HOST), None, Some("cross-site"), StatusCode::FORBIDDEN),
            (Some(HOST), None, Some("same-site"), StatusCode::FORBIDDEN),
        ] {
            let mut request = Request::get("/api/start");
            for (name, value) in [("host", host), ("origin", origin), ("sec-fetch-site", site)] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            let request = request.body(Body::empty()).unwrap_or_else(|error| panic!("{error}"));
            let (status, headers, _) = ask(&app, request).await;
            assert_eq!(status, expected, "host {host:?}, origin {origin:?}, site {site:?}");
            let policy = headers.get("content-security-policy").and_then(|policy| policy.to_str().ok()).unwrap_or_default();
            assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        }
        // A form of another site can post text, but not JSON.
        let form = Request::post("/api/run").header("host", HOST).header("content-type", "text/plain");
        let form = form.body(Body::from("{}")).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(ask(&app, form).await.0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn the_page_and_all_that_it_names_are_there() {
    on_runtime(async {
        let app = app();
        let (status, headers, page) = ask(&app, get("/")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains("onclick"), "something is inline");
        for name in Files::iter() {
            let (status, headers, text) = ask(&app, get(&format!("/{name}"))).await;
            assert_eq!(status, StatusCode::OK, "{name}");
            let module = name.rsplit_once('.').is_some_and(|(_, ending)| ["js", "mjs"].contains(&ending));
            assert_eq!(headers["content-type"] == "text/javascript; charset=utf-8", module, "{name}");
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            for line in text.lines().filter(|line| module && (line.starts_with("import ") || line.starts_with("export {"))) {
                let Some((_, from)) = line.split_once("from '") else { continue };
                let from = from.trim_end_matches("';");
                let path = match (from.strip_prefix("./"), from.strip_prefix("../")) {
                    (Some(file), _) => format!("{folder}/{file}"),
                    (_, Some(file)) => file.to_string(),
                    _ => panic!("{name} imports {from}, which no browser finds"),
                };
                assert!(Files::get(&path).is_some(), "{name} imports {path}, which is not there");
            }
        }
    });
}

#[test]
fn the_numbers_are_those_of_the_command_line() {
    let body = json!({
        "a": { "scenario": "two-states" },
        "b": { "scenario": "two-states", "set": [["technology.first_strike", "1.8"]], "without": ["memory"] },
        "seed": 7,
        "histories": 100,
    });
    let found = on_runtime(async { ask(&app(), post("/api/run", body.to_string())).await });
    let events = events(&found.2);
    assert_eq!(events.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["answer", "answer", "done"]);
    let answer = &events[1].1;
    let command = answer["command"].as_str().unwrap_or_default();
    assert_eq!(command, "spiral compare two-states two-states+technology.first_strike=1.8+without=memory -n 100 --seed 7");
    // What the command does.
    let words: Vec<&str> = command.split(' ').collect();
    let options = Options { histories: Some(100), seed: Some(7), ..Options::default() };
    let comparison = compare(&words[2..4], &options).unwrap_or_else(|error| panic!("{error}"));
    let texts = |list: &Value| -> Vec<(String, String)> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().map(|one| (one["name"].to_string(), one["text"].as_str().unwrap_or_default().to_string())).collect()
    };
    let named = |name: &str, text: String| (json!(name).to_string(), text);
    for (world, scenario) in comparison.summary.scenarios.iter().enumerate() {
        assert_eq!(answer["worlds"][world]["name"], scenario.scenario);
        for (list, measures) in [("measures", &scenario.measures), ("motives", &scenario.motives)] {
            let expected: Vec<_> = measures.iter().map(|measure| named(&measure.name, format_estimate(measure))).collect();
            assert!(expected.len() > 3);
            assert_eq!(texts(&answer["worlds"][world][list]), expected, "{}", scenario.scenario);
        }
    }
    let expected: Vec<_> =
        comparison.summary.contrasts[0].measures.iter().map(|measure| named(&measure.name, format_difference(measure))).collect();
    assert!(expected.len() > 10 && expected.iter().any(|(_, text)| text.contains("points")));
    assert_eq!(texts(&answer["contrast"]), expected);
}

#[test]
fn a_history_is_told_and_the_same_as_in_the_list() {
    on_runtime(async {
        let app = app();
        let world = json!({ "scenario": "two-states" });
        let body = json!({ "b": world, "seed": 1, "histories": 20 }).to_string();
        let run = events(&ask(&app, post("/api/run", body)).await.2);
        let rows = run[0].1["worlds"][0]["rows"].as_array().cloned().unwrap_or_default();
        assert_eq!(rows.len(), 20);
        let row = rows.iter().find(|row| !row["war"].is_null()).unwrap_or_else(|| panic!("no history has a war"));
        let body = json!({ "world": world, "seed": 1, "history": row["history"] }).to_string();
        let (status, _, told) = ask(&app, post("/api/history", body)).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        let told: Value = serde_json::from_str(&told).unwrap_or_default();
        assert_eq!(told["outcome"]["first_war_date"], row["war"]);
        assert_eq!(told["outcome"]["motive"], row["motive"]);
        assert!(told["chronicle"].as_array().is_some_and(|entries| !entries.is_empty()));
    });
}

/// Numbers that look random and are the same in each run of the test (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

const PATHS: &[&str] = &[
    "/",
    "/api/start",
    "/api/world",
    "/api/run",
    "/api/strands",
    "/api/history",
    "/api/check",
    "/api/network",
    "/api/portrait",
    "/api",
    "/api/run/",
    "/../Cargo.toml",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/js/../../src/lib.rs",
    "//etc/passwd",
    "/vendor/",
    "/js/app.js?x=1",
    "/%00",
    "/.",
];
const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "PATCH", "X"];
const SCENARIOS: &[&str] = &[
    "two-states",
    "four-worlds",
    "lattice",
    "/etc/passwd",
    "../../etc/passwd",
    "C:\\x",
    "",
    "two-states+a=b",
    "two-states/x",
    "\u{0}",
    "pre-wwi/..",
];
const NAMES: &[&str] = &[
    "technology.balance",
    "states.EAST.greed",
    "pairs.*.contact",
    "a",
    "",
    "..",
    "x.y.z.w",
    "ending",
    "calendar.ticks_per_year",
    "states.*",
    "generate.states",
];
const VALUES: &[&str] = &["1", "0", "-1", "1e308", "NaN", "inf", "", "1+x=2", "never", "\u{202e}", "1e-320", "366"];

/// A request body that is sometimes right, often nearly right, and sometimes rubbish.
fn hostile(chance: &mut Chance) -> Vec<u8> {
    match chance.below(8) {
        0 => (0..chance.below(300)).map(|_| chance.next() as u8).collect(),
        1 => vec![b'['; chance.below(5000)],
        2 => format!("{{\"b\":{}}}", "{\"b\":".repeat(chance.below(200))).into_bytes(),
        3 => "x".repeat(MOST_BODY + chance.below(2000)).into_bytes(),
        _ => {
            let world = |chance: &mut Chance| {
                let set: Vec<[&str; 2]> = (0..chance.below(3)).map(|_| [*chance.of(NAMES), *chance.of(VALUES)]).collect();
                let without: Vec<&str> = (0..chance.below(2)).map(|_| *chance.of(&["trade", "x", "", "memory"])).collect();
                let mut world = json!({ "scenario": chance.of(SCENARIOS), "set": set, "without": without });
                if chance.below(3) == 0 {
                    let line = *chance.of(&[0, 1, 3, 11, usize::MAX]);
                    let text = chance
                        .of(&["", "(", ")", "\u{0}", "ending: ", "states: { \"A\": () },", "include: \"/etc/passwd\","])
                        .repeat(chance.below(40));
                    world["edit"] = json!({ "line": line, "removed": chance.of(&[0, 1, usize::MAX]), "text": text });
                }
                world
            };
            let histories = *chance.of(&[0_u64, 1, 1, 2, 16_385, u64::MAX]);
            let seed = chance.next();
            let (one, other) = (world(chance), world(chance));
            let text = match chance.below(5) {
                4 => json!({ "world": one, "seed": seed, "first": "EAST", "second": chance.of(&["WEST", "EAST", ""]), "histories": 1 })
                    .to_string(),
                0 => one.to_string(),
                1 => json!({ "world": one, "seed": seed, "history": chance.below(3) }).to_string(),
                2 => json!({ "world": one, "seed": seed, "metric": chance.of(&["burden", "x"]), "histories": histories })
                    .to_string(),
                _ => json!({ "a": one, "b": other, "seed": seed, "histories": histories }).to_string(),
            };
            let mut bytes = text.into_bytes();
            if chance.below(5) == 0 {
                bytes.truncate(chance.below(bytes.len().max(1)));
            }
            bytes
        }
    }
}

#[test]
fn thousands_of_hostile_requests_do_no_harm() {
    const REQUESTS: usize = 4000;
    on_runtime(async {
        let app = app();
        let mut chance = Chance(1914);
        let mut seen = std::collections::BTreeMap::<u16, usize>::new();
        for number in 0..REQUESTS {
            let (method, path) = (*chance.of(METHODS), *chance.of(PATHS));
            let method = if path.starts_with("/api/") && chance.below(2) == 0 { "POST" } else { method };
            let mut request = Request::builder().method(method).uri(path);
            if chance.below(12) > 0 {
                request = request.header("host", HOST);
            }
            if chance.below(3) > 0 {
                request = request.header("content-type", JSON);
            }
            if chance.below(10) == 0 {
                request = request.header("origin", *chance.of(&["null", "http://x", "http://127.0.0.1:7878", "\u{7f}x"][..3]));
            }
            let body = hostile(&mut chance);
            let Ok(request) = request.body(Body::from(body)) else { continue };
            let (status, headers, text) = ask(&app, request).await;
            *seen.entry(status.as_u16()).or_default() += 1;
            assert!(status != StatusCode::INTERNAL_SERVER_ERROR, "request {number}: {method} {path}: {text}");
            assert!(
                !text.contains("root:") && !text.contains("[package]"),
                "request {number}: {path} gave a file of the machine"
            );
            assert!(headers.contains_key("content-security-policy"), "request {number} has no policy");
        }
        // The test reaches what it is meant to reach.
        for (status, least) in [(200, 40), (400, 60), (403, 200), (404, 60), (405, 40), (413, 10), (422, 4)] {
            let times = seen.get(&status).copied().unwrap_or_default();
            assert!(times >= least, "status {status} came {times} times: {seen:?}");
        }
        // And the server still works.
        assert_eq!(ask(&app, get("/api/start")).await.0, StatusCode::OK);
    });
}

#[test]
fn too_many_runs_are_refused_and_those_that_nobody_reads_end() {
    on_runtime(async {
        let app = app();
        let body = |seed: usize| json!({ "b": { "scenario": "pre-wwi" }, "seed": seed, "histories": 16_384 }).to_string();
        let mut open = Vec::new();
        for seed in 0..MOST_RUNS {
            let response = app.clone().oneshot(post("/api/run", body(seed))).await.unwrap_or_else(|never| match never {});
            assert_eq!(response.status(), StatusCode::OK);
            open.push(response);
        }
        let (status, _, text) = ask(&app, post("/api/run", body(99))).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{text}");
        // All tabs are closed: within seconds there is room again, long before the histories could have been simulated.
        drop(open);
        for _ in 0..300 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            let small = json!({ "b": { "scenario": "two-states" }, "seed": 1, "histories": 1 }).to_string();
            if ask(&app, post("/api/run", small)).await.0 == StatusCode::OK {
                return;
            }
        }
        panic!("the runs that nobody reads go on");
    });
}

#[test]
fn the_libraries_are_those_of_the_list() {
    let list = Files::get("vendor/SHA256SUMS").unwrap_or_else(|| panic!("vendor/SHA256SUMS is not there"));
    let list = String::from_utf8_lossy(&list.data).into_owned();
    let mut checked = 0;
    for line in list.lines() {
        let (expected, name) = line.split_once("  ").unwrap_or_else(|| panic!("not a checksum: {line}"));
        let file = Files::get(&format!("vendor/{name}")).unwrap_or_else(|| panic!("vendor/{name} is not there"));
        let found = file.metadata.sha256_hash().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        assert_eq!(found, expected, "vendor/{name} was changed");
        checked += 1;
    }
    let libraries = Files::iter()
        .filter(|name| name.starts_with("vendor/") && [".mjs", ".txt", ".json"].iter().any(|ending| name.ends_with(ending)))
        .count();
    assert_eq!(checked, libraries, "a file without a checksum");
}
