//! What a page can ask.

use serde::Deserialize;
use serde_json::Value;
use spiral_ensemble::Ensemble;
use spiral_explorer::{Explorer, HistoryRequest, Part, PortraitRequest, Run, StrandsRequest, WorldRequest, stages};

/// A question, `{"ask": NAME, "with": …}`.
#[derive(Debug, Deserialize)]
#[serde(tag = "ask", content = "with", rename_all = "lowercase", deny_unknown_fields)]
pub enum Question {
    /// What the page offers.
    Start,
    /// Every number of a world.
    World(WorldRequest),
    /// What is wrong with a scenario.
    Check(WorldRequest),
    /// Single histories as lines.
    Strands(StrandsRequest),
    /// One history, told by date.
    History(HistoryRequest),
    /// One history as a network over time.
    Network(HistoryRequest),
    /// Two states against each other.
    Portrait(PortraitRequest),
    /// The numbers of histories after which a run of so many has answers.
    Stages(u32),
    /// The parts that are missing for the answer of so many histories.
    Missing(Run, u32),
    /// The bytes of a part.
    Part(Part),
    /// The answer of so many histories, from the parts that were attached.
    Finish(Run, u32),
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// JSON.
    Text(String),
    /// A part of a run.
    Bytes(Vec<u8>),
}

/// Answers a question. `attached` are the bytes of parts, in their order.
///
/// # Errors
/// In words: what cannot be read, and what the explorer refuses.
pub fn reply(explorer: &Explorer, question: &[u8], attached: &[Vec<u8>]) -> Result<Reply, String> {
    let question: Question = serde_json::from_slice(question).map_err(|error| format!("the request cannot be read: {error}"))?;
    let value = match &question {
        Question::Start => json(&explorer.start()),
        Question::World(request) => explorer.describe(request).map(|found| json(&found)).map_err(words)?,
        Question::Check(request) => json(&explorer.check(request)),
        Question::Strands(request) => explorer.strands(request).map(|found| json(&found)).map_err(words)?,
        Question::History(request) => explorer.history(request).map_err(words)?,
        Question::Network(request) => explorer.network(request).map(|found| json(&found)).map_err(words)?,
        Question::Portrait(request) => explorer.portrait(request).map(|found| json(&found)).map_err(words)?,
        Question::Stages(histories) => json(&stages(*histories)),
        Question::Missing(run, histories) => explorer.missing(run, *histories).map(|parts| json(&parts)).map_err(words)?,
        Question::Part(part) => {
            let found = explorer.simulate_part(part).map_err(words)?;
            return postcard::to_stdvec(&found).map(Reply::Bytes).map_err(|error| error.to_string());
        }
        Question::Finish(run, histories) => {
            let parts = attached.iter().map(|bytes| postcard::from_bytes::<Ensemble>(bytes));
            let parts = parts.collect::<Result<Vec<_>, _>>().map_err(|error| format!("a part cannot be read: {error}"))?;
            let answer = explorer.finish(run, *histories, parts).map_err(words)?;
            // As the server writes it: in the order of the fields.
            return Ok(Reply::Text(serde_json::to_string(&answer).unwrap_or_default()));
        }
    };
    Ok(Reply::Text(value.to_string()))
}

/// Numbers, texts and lists, all of which have a JSON form.
fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err takes")]
fn words(error: spiral_explorer::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(explorer: &Explorer, ask: &str, with: &Value) -> Result<Reply, String> {
        reply(explorer, json!({ "ask": ask, "with": with }).to_string().as_bytes(), &[])
    }

    fn text(reply: Result<Reply, String>) -> Value {
        match reply {
            Ok(Reply::Text(text)) => serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_run_in_parts_gives_the_bytes_of_a_whole_run() {
        let (keeper, worker) = (Explorer::default(), Explorer::default());
        let set = json!([["technology.first_strike", "1.5"]]);
        let run = json!({ "a": { "scenario": "two-states" }, "b": { "scenario": "two-states", "set": set }, "seed": 4, "histories": 100 });
        let mut whole = Vec::new();
        let request: Run = serde_json::from_value(run.clone()).unwrap_or_else(|error| panic!("{error}"));
        let mut keep = |answer| whole.push(serde_json::to_string(&answer).unwrap_or_default());
        Explorer::default().run(&request, &|| false, &mut keep).unwrap_or_else(|error| panic!("{error}"));
        let mut found = Vec::new();
        for stage in text(asked(&keeper, "stages", &json!(100))).as_array().unwrap_or(&Vec::new()) {
            let missing = text(asked(&keeper, "missing", &json!([run, stage])));
            let part = |part: &Value| match asked(&worker, "part", part) {
                Ok(Reply::Bytes(bytes)) => bytes,
                other => panic!("{other:?}"),
            };
            let parts: Vec<Vec<u8>> = missing.as_array().unwrap_or(&Vec::new()).iter().map(part).collect();
            let question = json!({ "ask": "finish", "with": [run, stage] }).to_string();
            match reply(&keeper, question.as_bytes(), &parts) {
                Ok(Reply::Text(text)) => found.push(text),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(found, whole);
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        let explorer = Explorer::default();
        for (ask, with, expected) in [
            ("world", json!({ "scenario": "pre-wii" }), "did you mean `pre-wwi"),
            ("wrold", json!({}), "the request cannot be read"),
            ("world", json!({ "scenari": "pre-wwi" }), "unknown field"),
            (
                "portrait",
                json!({ "world": { "scenario": "two-states" }, "seed": 1, "first": "EAST", "second": "?", "histories": 3 }),
                "EAST, WEST",
            ),
        ] {
            let said = asked(&explorer, ask, &with).expect_err("a mistake");
            assert!(said.contains(expected), "{said}");
        }
        assert!(reply(&explorer, b"\xff{", &[]).is_err());
        let part = json!({ "ask": "finish", "with": [{ "b": { "scenario": "two-states" }, "seed": 1, "histories": 32 }, 32] })
            .to_string();
        assert!(reply(&explorer, part.as_bytes(), &[vec![255; 9]]).expect_err("no part").contains("cannot be read"));
        assert!(text(asked(&explorer, "start", &Value::Null))["scenarios"].as_array().is_some_and(|all| all.len() > 10));
    }
}
