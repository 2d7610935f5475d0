//! The type of the record while operations change it, as `Work` is the record itself.

use std::rc::Rc;

use super::{Members, Sorts, Type};
use crate::field::{Field, Word};

/// What is known of the record, or of an element inside `each`.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) root: Type,
    /// The whole record, inside `each`.
    pub(crate) record: Option<Type>,
    /// Whether an operation may end it on purpose.
    pub(crate) ends: bool,
}

/// What stands in the way to a place, for certain.
#[derive(Debug)]
pub(crate) struct InTheWay(pub(crate) Sorts);

impl Shape {
    pub(crate) fn new(root: Type) -> Self {
        Self { root, record: None, ends: false }
    }

    /// What stands at a place.
    pub(crate) fn get(&self, field: &Field) -> Type {
        field.words().iter().fold(self.root.clone(), |found, word| below(&found, word))
    }

    /// Puts a value at a place; with `surely`, every time.
    pub(crate) fn put(&mut self, field: &Field, value: Type, surely: bool) -> Result<(), InTheWay> {
        self.root.put(field.words(), value, surely)
    }

    /// Takes what stands at a place away, as `by` says.
    pub(crate) fn take(&mut self, field: &Field, gone: Type) {
        if field.words().is_empty() {
            self.root = Type::of(Sorts::NULL);
        } else if !self.get(field).is_gone() {
            self.root.take(field.words(), gone);
        }
    }

    /// Changes what stands at a place where something does.
    pub(crate) fn update(&mut self, field: &Field, change: &mut dyn FnMut(Type) -> Type) {
        let found = self.get(field);
        if !found.is_gone() {
            let lacking = found.sorts.and(Sorts::ABSENT);
            let changed = change(found.without(Sorts::ABSENT)).with(lacking);
            self.root.set(field.words(), changed);
        }
    }
}

fn below(found: &Type, word: &Word) -> Type {
    match word {
        Word::Name(name) => found.member(name),
        Word::Index(_) if found.known && !found.sorts.may(Sorts::ARRAY) => Type::absent(),
        Word::Index(_) => found.element().with(Sorts::ABSENT),
    }
}

impl Type {
    fn put(&mut self, words: &[Word], value: Type, surely: bool) -> Result<(), InTheWay> {
        let Some((word, rest)) = words.split_first() else {
            let before = std::mem::replace(self, Type::absent());
            *self = if surely { value } else { value.or(&before) };
            return Ok(());
        };
        match word {
            Word::Name(name) => {
                if self.known && !self.sorts.may(Sorts::OBJECT | Sorts::NOTHING) {
                    return Err(InTheWay(self.sorts));
                }
                if !self.sorts.is(Sorts::OBJECT) {
                    self.by.clone_from(&value.by);
                }
                self.open(surely);
                let members = Rc::make_mut(self.members.get_or_insert_with(|| Rc::new(Members::open())));
                members.slot(name).put(rest, value, surely)?;
            }
            Word::Index(_) => {
                if self.known && !self.sorts.may(Sorts::ARRAY) {
                    return Err(InTheWay(self.sorts));
                }
                // Which of the elements is not followed: it is one or the other.
                let mut element = self.element();
                element.put(rest, value, false)?;
                self.items = Some(Rc::new(element));
            }
        }
        *self = std::mem::replace(self, Type::absent()).sealed();
        Ok(())
    }

    /// Makes an object of it where it was none.
    fn open(&mut self, surely: bool) {
        if self.known && !self.sorts.may(Sorts::OBJECT) {
            self.members = Some(Rc::new(Members::closed(Vec::new())));
        } else if let (true, Some(members)) = (self.sorts.may(Sorts::NOTHING), &mut self.members) {
            Rc::make_mut(members).list.iter_mut().for_each(|(_, member)| member.sorts = member.sorts | Sorts::ABSENT);
        }
        if surely {
            (self.sorts, self.known) = (Sorts::OBJECT, true);
        } else {
            self.sorts = self.sorts | Sorts::OBJECT;
        }
    }

    /// Sets what stands at a place; what is around it stays what it was.
    fn set(&mut self, words: &[Word], value: Type) {
        let Some((word, rest)) = words.split_first() else {
            *self = value;
            return;
        };
        match word {
            Word::Name(name) => Rc::make_mut(self.members.get_or_insert_with(|| Rc::new(Members::open()))).slot(name).set(rest, value),
            Word::Index(_) => {
                let mut element = self.element();
                element.set(rest, value);
                self.items = Some(Rc::new(element.or(&self.element())));
            }
        }
        *self = std::mem::replace(self, Type::absent()).sealed();
    }

    fn take(&mut self, words: &[Word], gone: Type) {
        match words {
            [.., Word::Index(_)] | [] => {}
            _ => self.set(words, gone),
        }
    }
}
