//! What operations are read with: findings, the tables that are declared, and where in the mapping the reader stands.

use std::ops::{Deref, DerefMut};

use document::authored::{Codes, Findings, Node};
use expr::Template;

use crate::{
    Ends,
    field::Field,
    formula::Formula,
    operation::{Entry, Operation},
    ops,
    plan::Step,
    table::Declared,
};

const CODES: Codes = Codes { unknown_key: "mapping_unknown_key", missing_key: "mapping_missing_key", wrong_type: "mapping_wrong_type", unknown_value: "mapping_unknown_value" };
/// Levels of `each` in each other.
const DEEPEST: usize = 8;
/// Operations of one mapping, inner ones included.
const MOST: usize = 2000;

/// The state of reading one mapping.
#[derive(Debug)]
pub(crate) struct Reader {
    findings: Findings,
    pub(crate) ends: Ends,
    pub(crate) tables: Vec<(String, Declared)>,
    /// Inside how many `each`.
    depth: usize,
    count: usize,
}

impl Deref for Reader {
    type Target = Findings;

    fn deref(&self) -> &Findings {
        &self.findings
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Findings {
        &mut self.findings
    }
}

impl Reader {
    pub(crate) fn new(ends: &Ends) -> Self {
        Self { findings: Findings::new(&CODES), ends: *ends, tables: Vec::new(), depth: 0, count: 0 }
    }

    pub(crate) fn into_findings(self) -> Vec<fault::Finding> {
        self.findings.into_list()
    }

    /// Whether expressions see an element besides the record.
    pub(crate) fn in_each(&self) -> bool {
        self.depth > 0
    }

    /// The number of the operation that is being read: no other has it.
    pub(crate) fn number(&self) -> usize {
        self.count
    }

    /// The operations of an array; what is wrong with one does not hide what is wrong with the next.
    pub(crate) fn steps(&mut self, node: &Node<'_>) -> Option<Vec<Step>> {
        let items = node.items(self)?;
        let steps: Vec<_> = items.iter().map(|item| self.step(item)).collect();
        steps.into_iter().collect()
    }

    /// The operations inside an `each`.
    pub(crate) fn inner(&mut self, node: &Node<'_>) -> Option<Vec<Step>> {
        if self.depth >= DEEPEST {
            self.error("mapping_too_large", &node.at, format!("more than {DEEPEST} levels of `each`"), "write it with fewer levels");
            return None;
        }
        self.depth += 1;
        let steps = self.steps(node);
        self.depth -= 1;
        steps
    }

    fn step(&mut self, node: &Node<'_>) -> Option<Step> {
        self.count += 1;
        if self.count > MOST {
            if self.count == MOST + 1 {
                self.error("mapping_too_large", &node.at, format!("more than {MOST} operations"), "split the mapping");
            }
            return None;
        }
        if node.value.entries().is_none() {
            return node.wrong(self, "an object");
        }
        let name = node.need(self, "op")?;
        let names: Vec<&str> = ops::OPERATIONS.iter().map(|entry| entry.name).collect();
        let word = name.word(self, &names)?;
        let entry: &'static Entry = ops::OPERATIONS.iter().copied().find(|entry| entry.name == word)?;
        let keys: Vec<&str> = ["op", "when"].into_iter().chain(entry.params.iter().map(|param| param.name)).collect();
        node.object(self, &keys);
        let missing = entry.params.iter().filter(|param| param.required && node.get(param.name).is_none()).count();
        for param in entry.params.iter().filter(|param| param.required) {
            node.need(self, param.name);
        }
        let when = node.get("when").map_or(Some(None), |when| self.condition(&when).map(Some));
        if missing > 0 {
            return None;
        }
        let operation: Box<dyn Operation> = (entry.read)(self, node)?;
        Some(Step { at: node.at.clone(), name: entry.name, when: when?, operation })
    }

    /// A place in the record: dotted names or a singular path.
    pub(crate) fn field(&mut self, node: &Node<'_>) -> Option<Field> {
        match Field::parse(node.text(self)?) {
            Ok(field) => Some(field),
            Err(error) => {
                self.error("mapping_field", &node.at, error.to_string(), "write it as `customer.email` or `$.lines[0].sku`");
                None
            }
        }
    }

    /// One place in the record, or a list of some.
    pub(crate) fn fields(&mut self, node: &Node<'_>) -> Option<Box<[Field]>> {
        if node.value.items().is_none() {
            return self.field(node).map(|field| Box::from([field]));
        }
        let items = node.items(self)?;
        if items.is_empty() {
            self.error("mapping_parameter", &node.at, "the list is empty", "name at least one field");
            return None;
        }
        let fields: Vec<_> = items.iter().map(|item| self.field(item)).collect();
        fields.into_iter().collect()
    }

    /// A value put as it stands; who wrote an expression into it meant another operation.
    pub(crate) fn constant(&mut self, node: &Node<'_>) -> document::Value {
        if node.value.as_str().is_some_and(|text| text.contains("{{")) {
            self.warning("mapping_constant", &node.at, "the text is put as it stands, braces included", "an expression is evaluated by `template`");
        }
        node.value.clone()
    }

    /// A text with expressions, all of whose names exist here.
    pub(crate) fn template(&mut self, node: &Node<'_>) -> Option<Formula> {
        let text = node.text(self)?;
        let problems = match Template::parse(text) {
            Ok(template) => match template.check(&crate::scope::of(self.in_each())) {
                problems if problems.is_empty() => return Some(Formula::new(template)),
                problems => problems,
            },
            Err(problems) => problems,
        };
        for problem in problems {
            self.error(problem.code, &node.at, format!("{} at column {} of the text", problem.message, problem.column), problem.hint);
        }
        None
    }

    /// A condition: one expression and nothing around it, for a text is never true or false.
    pub(crate) fn condition(&mut self, node: &Node<'_>) -> Option<Formula> {
        let formula = self.template(node)?;
        if formula.template.is_text() {
            self.error("mapping_condition", &node.at, "a condition is one expression, and this is a text", "write it as `{{ record.qty > 0 }}`, with nothing before or behind the braces");
            return None;
        }
        Some(formula)
    }

    /// One of a few words; a default where the key is absent.
    pub(crate) fn word_of<T: Copy>(&mut self, node: Option<&Node<'_>>, words: &[(&'static str, T)], absent: T) -> Option<T> {
        let Some(node) = node else { return Some(absent) };
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let word = node.word(self, &names)?;
        words.iter().find_map(|(name, value)| (*name == word).then_some(*value))
    }
}
