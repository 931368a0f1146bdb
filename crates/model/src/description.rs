//! What a type of the model is, as data: the comment on a component, a resource, a phase or a purpose of draws, and on its fields or
//! variants. The macro `described!` takes it from the comments themselves, so that `spiral odd` and rustdoc print one text.

/// A type with its meaning, and the meaning of its fields or variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Description {
    /// Name of the type, without parameters.
    pub name: &'static str,
    about: &'static str,
    members: &'static [(&'static str, &'static str)],
}

impl Description {
    /// A description from the lines of comments, as the compiler hands them on.
    #[must_use]
    pub const fn new(name: &'static str, about: &'static str, members: &'static [(&'static str, &'static str)]) -> Self {
        Self { name, about, members }
    }

    /// What the type is.
    #[must_use]
    pub fn about(&self) -> String {
        plain(self.about)
    }

    /// Name and meaning of each field or variant, in order.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.members.iter().map(|(name, about)| (*name, plain(about)))
    }
}

/// A comment without the space after its slashes. A link of rustdoc becomes plain code.
fn plain(comment: &str) -> String {
    comment.trim_start().replace("[`", "`").replace("`]", "`")
}

/// A type that says what it is.
pub trait Described {
    /// The type and its fields or variants.
    const DESCRIPTION: Description;
}

/// Declares a type whose comments are also its [`Description`].
macro_rules! described {
    (
        $(#[doc = $about:literal])+
        #[derive($($derive:path),+)]
        $(#[repr($size:ident)])?
        pub enum $name:ident {
            $( $(#[doc = $meaning:literal])+ $(#[default $($nothing:lifetime)?])? $variant:ident $(= $number:literal)?, )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive($($derive),+)]
        $(#[repr($size)])?
        pub enum $name {
            $( $(#[doc = $meaning])+ $(#[default $($nothing)?])? $variant $(= $number)?, )+
        }

        impl $name {
            /// What it means, in a sentence.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self {
                    $( Self::$variant => concat!($($meaning),+).trim_ascii_start(), )+
                }
            }
        }

        $crate::description::described! {
            @impl $name, concat!($($about),+), $( stringify!($variant) => concat!($($meaning),+), )+
        }
    };
    (
        $(#[doc = $about:literal])+
        #[derive($($derive:path),+)]
        pub struct $name:ident $(<const $width:ident: usize>)? {
            $( $(#[doc = $meaning:literal])+ $visible:vis $field:ident: $type:ty, )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive($($derive),+)]
        pub struct $name $(<const $width: usize>)? {
            $( $(#[doc = $meaning])+ $visible $field: $type, )+
        }

        $crate::description::described! {
            @impl $name $(<$width>)?, concat!($($about),+), $( stringify!($field) => concat!($($meaning),+), )+
        }
    };
    (
        $(#[doc = $about:literal])+
        #[derive($($derive:path),+)]
        pub struct $name:ident $(<const $width:ident: usize>)? ($visible:vis $type:ty);
    ) => {
        $(#[doc = $about])+
        #[derive($($derive),+)]
        pub struct $name $(<const $width: usize>)? ($visible $type);

        $crate::description::described! { @impl $name $(<$width>)?, concat!($($about),+), }
    };
    (@impl $name:ident $(<$width:ident>)?, $about:expr, $($member:expr => $meaning:expr,)*) => {
        impl $(<const $width: usize>)? $crate::description::Described for $name $(<$width>)? {
            const DESCRIPTION: $crate::description::Description =
                $crate::description::Description::new(stringify!($name), $about, &[$(($member, $meaning)),*]);
        }
    };
}
pub(crate) use described;

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro declares public types")]
mod tests {
    use super::*;

    described! {
        /// A toy, see [`Self`].
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub enum Toy {
            /// The first
            /// one.
            #[default]
            First,
            /// The second.
            Second,
        }
    }

    described! {
        /// A tray of toys.
        #[derive(Debug)]
        pub struct Tray<const WIDTH: usize> {
            /// Those on it.
            toys: [Toy; WIDTH],
        }
    }

    #[test]
    fn comments_are_descriptions() {
        assert_eq!(Toy::DESCRIPTION.about(), "A toy, see `Self`.");
        let members: Vec<(&str, String)> = Toy::DESCRIPTION.members().collect();
        assert_eq!(members, [("First", "The first one.".to_string()), ("Second", "The second.".to_string())]);
        let tray = Tray::<2> { toys: [Toy::default(), Toy::Second] };
        assert_eq!(tray.toys.map(Toy::description), ["The first one.", "The second."]);
        let tray = Tray::<1>::DESCRIPTION;
        assert_eq!((tray.name, tray.about().as_str()), ("Tray", "A tray of toys."));
        assert_eq!(tray.members().collect::<Vec<_>>(), [("toys", "Those on it.".to_string())]);
    }
}
