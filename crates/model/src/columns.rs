//! Components as columns. All states stand in one table of the ECS and all dyads in another, in the order of their positions, so
//! a system that runs over all of them walks along slices, and one that looks across them finds a row by position.

use bevy_ecs::change_detection::ContiguousMut;
use bevy_ecs::prelude::Query;
use bevy_ecs::query::{ContiguousQueryData, QueryData};

/// Entities that one thread of a large world takes at least.
const CHUNK: usize = 1024;

/// Columns to read, one slice a component; tuples may nest.
pub(crate) trait Rows: Copy {
    /// One row: a reference into every column.
    type Row;

    /// Columns without a row.
    fn empty() -> Self;

    /// The row at a position.
    fn row(self, position: usize) -> Self::Row;
}

impl<'a, T> Rows for &'a [T] {
    type Row = &'a T;

    fn empty() -> Self {
        &[]
    }

    #[inline(always)]
    fn row(self, position: usize) -> &'a T {
        &self[position]
    }
}

/// What the tables of the ECS hold for a query, some of it to write to; tuples may nest.
pub(crate) trait Columns {
    /// The same as plain slices.
    type Slices<'a>: Slices
    where
        Self: 'a;

    /// The same as plain slices. Nobody asks when a component was changed, so nothing is noted of that.
    fn slices(&mut self) -> Self::Slices<'_>;
}

impl<T: Sync> Columns for &[T] {
    type Slices<'a>
        = &'a [T]
    where
        Self: 'a;

    #[inline(always)]
    fn slices(&mut self) -> &[T] {
        self
    }
}

impl<T: Send> Columns for ContiguousMut<'_, T> {
    type Slices<'a>
        = &'a mut [T]
    where
        Self: 'a;

    #[inline(always)]
    fn slices(&mut self) -> &mut [T] {
        self.bypass_change_detection()
    }
}

/// Slices of one length, side by side.
pub(crate) trait Slices: Send + Sized {
    /// Goes through the rows.
    type Items: Iterator;

    /// Number of rows.
    fn rows(&self) -> usize;

    /// The rows before a position, and the others.
    fn split(self, position: usize) -> (Self, Self);

    /// Goes through the rows.
    fn items(self) -> Self::Items;
}

impl<'a, T: Sync> Slices for &'a [T] {
    type Items = std::slice::Iter<'a, T>;

    fn rows(&self) -> usize {
        self.len()
    }

    fn split(self, position: usize) -> (Self, Self) {
        self.split_at(position)
    }

    #[inline(always)]
    fn items(self) -> Self::Items {
        self.iter()
    }
}

impl<'a, T: Send> Slices for &'a mut [T] {
    type Items = std::slice::IterMut<'a, T>;

    fn rows(&self) -> usize {
        self.len()
    }

    fn split(self, position: usize) -> (Self, Self) {
        self.split_at_mut(position)
    }

    #[inline(always)]
    fn items(self) -> Self::Items {
        self.iter_mut()
    }
}

/// Iterators that go on together.
#[derive(Debug)]
pub(crate) struct Abreast<T>(T);

macro_rules! tuples {
    ($($first:ident $(, $name:ident)*;)*) => { $(
        impl<$first: Rows, $($name: Rows),*> Rows for ($first, $($name,)*) {
            type Row = ($first::Row, $($name::Row,)*);

            fn empty() -> Self {
                ($first::empty(), $($name::empty(),)*)
            }

            #[inline(always)]
            #[allow(non_snake_case, reason = "a variable for each type")]
            fn row(self, position: usize) -> Self::Row {
                let ($first, $($name,)*) = self;
                ($first.row(position), $($name.row(position),)*)
            }
        }

        impl<$first: Columns, $($name: Columns),*> Columns for ($first, $($name,)*) {
            type Slices<'a> = ($first::Slices<'a>, $($name::Slices<'a>,)*) where Self: 'a;

            #[inline(always)]
            #[allow(non_snake_case, reason = "a variable for each type")]
            fn slices(&mut self) -> Self::Slices<'_> {
                let ($first, $($name,)*) = self;
                ($first.slices(), $($name.slices(),)*)
            }
        }

        impl<$first: Slices, $($name: Slices),*> Slices for ($first, $($name,)*) {
            type Items = Abreast<($first::Items, $($name::Items,)*)>;

            fn rows(&self) -> usize {
                self.0.rows()
            }

            #[allow(non_snake_case, reason = "a variable for each type")]
            fn split(self, position: usize) -> (Self, Self) {
                let ($first, $($name,)*) = self;
                let ($first, $($name,)*) = ($first.split(position), $($name.split(position),)*);
                (($first.0, $($name.0,)*), ($first.1, $($name.1,)*))
            }

            #[inline(always)]
            #[allow(non_snake_case, reason = "a variable for each type")]
            fn items(self) -> Self::Items {
                let ($first, $($name,)*) = self;
                Abreast(($first.items(), $($name.items(),)*))
            }
        }

        impl<$first: Iterator, $($name: Iterator),*> Iterator for Abreast<($first, $($name,)*)> {
            type Item = ($first::Item, $($name::Item,)*);

            #[inline(always)]
            #[allow(non_snake_case, reason = "a variable for each type")]
            fn next(&mut self) -> Option<Self::Item> {
                let ($first, $($name,)*) = &mut self.0;
                Some(($first.next()?, $($name.next()?,)*))
            }
        }
    )* };
}

tuples! {
    A, B;
    A, B, C;
    A, B, C, D;
    A, B, C, D, E;
    A, B, C, D, E, F;
    A, B, C, D, E, F, G;
    A, B, C, D, E, F, G, H;
    A, B, C, D, E, F, G, H, I;
    A, B, C, D, E, F, G, H, I, J;
    A, B, C, D, E, F, G, H, I, J, K;
    A, B, C, D, E, F, G, H, I, J, K, L;
    A, B, C, D, E, F, G, H, I, J, K, L, M;
    A, B, C, D, E, F, G, H, I, J, K, L, M, N;
    A, B, C, D, E, F, G, H, I, J, K, L, M, N, O;
    A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P;
}

/// What a query finds, as columns under the names of its struct; `None` where it finds nothing.
pub(crate) fn columns<'a, 's, D>(query: &'a Query<'_, 's, D>) -> Option<<D::ReadOnly as ContiguousQueryData>::Contiguous<'a, 's>>
where
    D: QueryData,
    D::ReadOnly: ContiguousQueryData,
{
    // No component of the model is kept in a sparse set, so every query is dense.
    let mut tables = query.contiguous_iter().expect("components stand in tables");
    let first = tables.next();
    assert!(tables.next().is_none(), "states, and dyads, have all the same components");
    first
}

/// What a query finds, as columns whose rows are positions.
pub(crate) fn table<'a, 's, D>(query: &'a Query<'_, 's, D>) -> <D::ReadOnly as ContiguousQueryData>::Contiguous<'a, 's>
where
    D: QueryData,
    D::ReadOnly: ContiguousQueryData,
    <D::ReadOnly as ContiguousQueryData>::Contiguous<'a, 's>: Rows,
{
    columns(query).unwrap_or_else(Rows::empty)
}

/// Gives the rows in chunks to the threads of rayon's pool.
pub(crate) fn in_chunks<S: Slices>(slices: S, work: &(impl Fn(S) + Sync)) {
    let rows = slices.rows();
    if rows <= CHUNK {
        work(slices);
    } else {
        let (one, other) = slices.split(rows / 2);
        rayon::join(|| in_chunks(one, work), || in_chunks(other, work));
    }
}

/// Runs a block for every entity that a query finds, compiled for the processor's instruction set; in a large world of width 1,
/// in parallel on rayon's pool. Entities must not depend on one another. The query is a tuple, `|(one, two)|`, or a struct that
/// derives `QueryData`: then `|one, two|` names those of its fields that the block uses.
macro_rules! sweep {
    ($width:expr, $large:expr, $query:ident, |$($column:ident),+| $body:block) => {
        for mut columns in $query.contiguous_iter_mut().expect("components stand in tables") {
            let slices = ($( $crate::columns::Columns::slices(&mut columns.$column), )+);
            $crate::columns::sweep!(@rows $width, $large, slices, ($($column,)+), $body);
        }
    };
    ($width:expr, $large:expr, $query:ident, |$row:pat_param| $body:block) => {
        for mut columns in $query.contiguous_iter_mut().expect("components stand in tables") {
            let slices = $crate::columns::Columns::slices(&mut columns);
            $crate::columns::sweep!(@rows $width, $large, slices, $row, $body);
        }
    };
    // No component of the model is kept in a sparse set, so every query above is dense.
    (@rows $width:expr, $large:expr, $slices:ident, $row:pat_param, $body:block) => {
        if $width == 1 && $large {
            $crate::columns::in_chunks($slices, &|slices| {
                for $row in $crate::columns::Slices::items(slices) {
                    $body
                }
            });
        } else {
            spiral_kernel::simd!({
                for $row in $crate::columns::Slices::items($slices) {
                    $body
                }
            });
        }
    };
}
pub(crate) use sweep;
