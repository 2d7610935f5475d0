//! `mcpConfig`: a definition that hands its work to another server. Checked like any other; the engine does not run it.

use url::Url;

use crate::{check::{Check, Node}, shape::{Element, Key, Takes}};

/// The other server and its tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mcp {
    /// Its address.
    pub server_url: String,
    /// What each of our verbs is called there.
    pub tools: Vec<(String, String)>,
}

static TOOLS: Element = Element {
    name: "mcp_tools",
    doc: "What each of our verbs is called there.",
    keys: &[Key::new("poll", Takes::Text, "Reads changes."), Key::new("deliver", Takes::Text, "Delivers an event."), Key::new("test", Takes::Text, "Tries the credentials."), Key::new("snapshot", Takes::Text, "Reads the current state.")],
};
/// `mcpConfig`.
pub(crate) static MCP: Element = Element {
    name: "mcp_config",
    doc: "The server a definition of protocol mcp hands its work to.",
    keys: &[Key::required("serverUrl", Takes::Text, "Its address: absolute https."), Key::required("tools", Takes::Of(&TOOLS), "What each of our verbs is called there.")],
};

pub(crate) fn read(cx: &mut Check, node: &Node<'_>) -> Option<Mcp> {
    MCP.open(cx, node)?;
    let server = node.need(cx, "serverUrl");
    let tools = node.need(cx, "tools").and_then(|tools| {
        TOOLS.open(cx, &tools)?;
        tools.entries(cx)
    });
    let tools = tools.map(|tools| tools.iter().filter_map(|tool| Some((tool.name(), tool.text(cx)?.to_owned()))).collect());
    let server = server?;
    let text = server.text(cx)?;
    if !Url::parse(text).is_ok_and(|url| url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none()) {
        cx.error("definition_url", &server.at, "the address is not absolute https", "write `https://host/…`");
        return None;
    }
    Some(Mcp { server_url: text.to_owned(), tools: tools? })
}
