//! SVG to PNG, with the font DejaVu Sans that kuva contains: no font of the machine is read.

use std::sync::{Arc, OnceLock};

use base64::Engine;
use kuva::backend::svg::SvgBackend;
use kuva::render::render::Scene;
use resvg::{tiny_skia, usvg};

/// Pixels of a PNG for each pixel of its SVG.
pub const PNG_SCALE: u32 = 2;

/// The regular and the bold face, read once. kuva hands its fonts out only inside an SVG, as base64.
fn fonts() -> &'static Arc<usvg::fontdb::Database> {
    static FONTS: OnceLock<Arc<usvg::fontdb::Database>> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut database = usvg::fontdb::Database::new();
        let carrier = SvgBackend::new().with_embedded_font(true).render_scene(&Scene::new(1.0, 1.0));
        for face in carrier.split(";base64,").skip(1).take(2) {
            let encoded = face.split('\'').next().unwrap_or_default();
            if let Ok(bytes) = base64::engine::general_purpose::STANDARD.decode(encoded) {
                database.load_font_data(bytes);
            }
        }
        database.set_sans_serif_family("DejaVu Sans");
        Arc::new(database)
    })
}

/// PNG bytes of an SVG at [`PNG_SCALE`].
pub(crate) fn png(svg: &str) -> Result<Vec<u8>, String> {
    let options =
        usvg::Options { font_family: "DejaVu Sans".to_owned(), fontdb: Arc::clone(fonts()), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let scale = PNG_SCALE as f32;
    let size = tree.size().to_int_size().scale_by(scale).ok_or("the figure has no area")?;
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height()).ok_or("the figure is too large for memory")?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_are_found() {
        let faces: Vec<(String, u16)> = fonts().faces().map(|face| (face.families[0].0.clone(), face.weight.0)).collect();
        assert_eq!(faces, [("DejaVu Sans".to_owned(), 400), ("DejaVu Sans".to_owned(), 700)]);
    }
}
