// From latitude and longitude to a picture: Mercator's projection around the capitals that are shown, and the coasts of the world.

const radians = (degrees) => (degrees * Math.PI) / 180;
/** Beyond these latitudes Mercator's projection has no end. */
const FARTHEST = 83;
const northing = (latitude) => Math.log(Math.tan(Math.PI / 4 + radians(Math.min(Math.max(latitude, -FARTHEST), FARTHEST)) / 2));

/** The longitude in the middle of all, so that no pair lies on both sides of the edge of the map. */
function middle(longitudes) {
  const sorted = [...longitudes].sort((a, b) => a - b);
  let [widest, after] = [sorted[0] + 360 - sorted.at(-1), 0];
  for (let at = 1; at < sorted.length; at += 1) {
    if (sorted[at] - sorted[at - 1] > widest) [widest, after] = [sorted[at] - sorted[at - 1], at];
  }
  return sorted[after] + (360 - widest) / 2;
}

/** A projection that shows all places `[latitude, longitude]` in a picture of this size, with room around them. */
export function around(places, width, height, room) {
  const centre = middle(places.map(([, longitude]) => longitude));
  const turned = (longitude) => ((((longitude - centre + 180) % 360) + 360) % 360) - 180;
  const xs = places.map(([, longitude]) => radians(turned(longitude)));
  const ys = places.map(([latitude]) => northing(latitude));
  const span = (values, least) => Math.max(Math.max(...values) - Math.min(...values), least);
  const scale = Math.min((width - 2 * room) / span(xs, 0.15), (height - 2 * room) / span(ys, 0.12));
  const mid = (values) => (Math.max(...values) + Math.min(...values)) / 2;
  const [midX, midY] = [mid(xs), mid(ys)];
  const project = ([latitude, longitude]) => [width / 2 + (radians(turned(longitude)) - midX) * scale, height / 2 - (northing(latitude) - midY) * scale];
  return { project, turned };
}

/** Lines of `[longitude, latitude]` as a path; a line that leaves the map on one side begins again on the other. */
export function path(lines, { project, turned }, width, height) {
  const far = (value, size) => value < -size || value > 2 * size;
  return lines.map((line) => {
    let text = '';
    let last = null;
    for (const [longitude, latitude] of line) {
      const here = turned(longitude);
      const [x, y] = project([latitude, longitude]);
      if (far(x, width) && far(y, height)) {
        last = null;
        continue;
      }
      text += `${last === null || Math.abs(here - last) > 180 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`;
      last = here;
    }
    return text;
  }).join('');
}

/** The rings of all land of a TopoJSON file, as lines of `[longitude, latitude]`. */
export function coasts(topology) {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
    });
  });
  const arc = (number) => (number < 0 ? [...arcs[~number]].reverse() : arcs[number]);
  const ring = (numbers) => numbers.flatMap((number, at) => (at ? arc(number).slice(1) : arc(number)));
  const rings = ({ type, arcs: numbers, geometries }) => {
    if (type === 'GeometryCollection') return geometries.flatMap(rings);
    if (type === 'Polygon') return numbers.map(ring);
    return type === 'MultiPolygon' ? numbers.flatMap((polygon) => polygon.map(ring)) : [];
  };
  return Object.values(topology.objects).flatMap(rings);
}

/** The lines of a GeoJSON file of the reader: borders, rivers, whatever has lines. */
export function geoLines(found) {
  const of = ({ type, coordinates, geometries, geometry, features }) => {
    if (type === 'FeatureCollection') return features.flatMap(of);
    if (type === 'Feature') return geometry ? of(geometry) : [];
    if (type === 'GeometryCollection') return geometries.flatMap(of);
    if (type === 'LineString') return [coordinates];
    if (type === 'MultiLineString' || type === 'Polygon') return coordinates;
    return type === 'MultiPolygon' ? coordinates.flat() : [];
  };
  const lines = of(found ?? {});
  const sound = (line) => Array.isArray(line) && line.every((point) => Array.isArray(point) && Number.isFinite(point[0]) && Number.isFinite(point[1]));
  return lines.filter(sound);
}

/** Kilometres on the ground between two places `[latitude, longitude]`. */
function distance([latitude, longitude], [other, otherLongitude]) {
  const half = (degrees) => Math.sin(radians(degrees) / 2) ** 2;
  const chord = half(other - latitude) + Math.cos(radians(latitude)) * Math.cos(radians(other)) * half(otherLongitude - longitude);
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Reach of a neighbourhood, kilometres, and the part of all places that must lie in it. */
const [REACH, MOST] = [3000, 0.75];

/** The places that lie together around the one in their middle, where these are most of all and at least three; else all. */
export function together(places) {
  const around_ = places.map((one) => places.filter((other) => distance(one, other) <= REACH));
  const largest = around_.reduce((best, near) => (near.length > best.length ? near : best), []);
  return largest.length >= 3 && largest.length >= MOST * places.length ? largest : places;
}
