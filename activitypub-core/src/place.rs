//! [`Place`]: where in a document something stands. JSON Pointer, RFC 6901.

/// Where something stands: a chain back to the top of the document, on the stack of whoever walks it. A
/// pointer is made of it only for what is reported.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    before: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Top,
    Member(&'a str),
    Item(usize),
}

/// The most bytes of a pointer. Names are as long as a stranger likes; an ancestor is reported in place of
/// what has a longer one.
const LONGEST: usize = 1024;

impl<'a> Place<'a> {
    pub(crate) const TOP: Self = Self { before: None, step: Step::Top };

    pub(crate) fn member<'b>(&'b self, name: &'b str) -> Place<'b> {
        Place { before: Some(self), step: Step::Member(name) }
    }

    pub(crate) fn item<'b>(&'b self, at: usize) -> Place<'b> {
        Place { before: Some(self), step: Step::Item(at) }
    }

    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::new();
        self.write(&mut pointer);
        pointer
    }

    /// Whether all of it was written.
    fn write(&self, pointer: &mut String) -> bool {
        if !self.before.is_none_or(|before| before.write(pointer)) {
            return false;
        }
        let step = match self.step {
            Step::Top => return true,
            Step::Member(name) if name.len() > LONGEST => return false,
            Step::Member(name) => name.replace('~', "~0").replace('/', "~1"),
            Step::Item(at) => at.to_string(),
        };
        let fits = pointer.len() + 1 + step.len() <= LONGEST;
        if fits {
            pointer.push('/');
            pointer.push_str(&step);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn a_pointer_escapes_names_and_ends_before_it_is_too_long() {
        let at = Place::TOP.member("a/b~c");
        let at = at.item(3);
        assert_eq!(at.pointer(), "/a~1b~0c/3");
        let name = "x".repeat(1000);
        let long = at.member(&name);
        assert_eq!(long.pointer().len(), 1011);
        assert_eq!(long.member(&name).item(1).pointer(), long.pointer());
        assert_eq!(Place::TOP.pointer(), "");
    }
}
