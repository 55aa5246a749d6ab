//! Where each check is taught.

const PAGES: &[(&str, &str)] = &[
    ("contract", "docs/architecture.md#a-servers-contract"),
    ("answers", "docs/protocol.md#commands"),
    ("framing", "docs/labs/4-write-it.md#step-2-frames"),
    ("half-close", "docs/labs/4-write-it.md#step-2-frames"),
    ("late-reader", "docs/labs/4-write-it.md#step-2-frames"),
    ("idle", "docs/labs/2-read-it.md"),
    ("slow", "docs/labs/2-read-it.md"),
    ("computing", "docs/four-designs.md"),
    ("unread", "docs/labs/4-write-it.md#step-4-threads"),
    ("at-once", "docs/labs/6-the-limit.md"),
    ("cross-talk", "docs/labs/3-break-it.md"),
    ("lost-update", "docs/labs/5-the-price.md"),
    ("lock-order", "docs/labs/5-the-price.md"),
    ("log", "docs/labs/4-write-it.md#step-5-a-print-lock"),
    (
        "rude-clients",
        "docs/labs/4-write-it.md#step-3-clients-that-leave",
    ),
    (
        "many-clients",
        "docs/labs/4-write-it.md#step-3-clients-that-leave",
    ),
    ("busy-waiting", "docs/labs/4-write-it.md#step-7-drain"),
    ("drain", "docs/labs/4-write-it.md#step-7-drain"),
    ("register", "docs/handouts.md#5-the-clienthandler-lab"),
];

/// The page that teaches what a check asks for.
pub(super) fn of(check: &str) -> &'static str {
    let page = PAGES.iter().find(|(name, _)| *name == check);
    page.map_or("docs/grading.md", |(_, page)| page)
}

#[cfg(test)]
mod tests {
    use super::PAGES;
    use grader::CHECKS;

    #[test]
    fn every_check_has_a_page_and_every_page_its_heading() {
        let top = crate::kit::root();
        for check in CHECKS {
            let page = PAGES.iter().find(|(name, _)| *name == check.name);
            let (_, page) = page.unwrap_or_else(|| panic!("{} has no page", check.name));
            let (file, anchor) = page.split_once('#').unwrap_or((page, ""));
            let text = std::fs::read_to_string(top.join(file)).unwrap();
            let headings = text.lines().filter(|line| line.starts_with('#'));
            let mut anchors = headings.map(|line| {
                let kept = |c: &char| c.is_alphanumeric() || " -".contains(*c);
                let words: String = line.to_lowercase().chars().filter(kept).collect();
                words.trim().replace(' ', "-")
            });
            assert!(
                anchor.is_empty() || anchors.any(|one| one == anchor),
                "{page}"
            );
        }
    }
}
