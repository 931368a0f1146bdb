//! Draws every chart from a made-up study, to look at: `cargo run -p spiral-figures --example gallery -- FOLDER`.

#[path = "../tests/figures/fixture.rs"]
mod fixture;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("say where to: cargo run -p spiral-figures --example gallery -- FOLDER")?;
    for (name, study) in [("two", fixture::two_worlds()), ("four", fixture::four_worlds()), ("quiet", fixture::quiet_world())] {
        spiral_figures::draw(&study.input(), &std::path::Path::new(&folder).join(name))?;
    }
    Ok(())
}
