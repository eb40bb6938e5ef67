package dev.neurontp.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The page for people and the document for programs say the same. {@code -Ddocs.write=true} writes the page again. */
class WireContractPageTest {
    private static final Path PAGE = Path.of("../docs/wire-contract.md");
    private static final String BEGIN = "<!-- rules: generated from wire-contract.json -->\n";
    private static final String END = "<!-- end of rules -->";
    private static final List<List<String>> CHAPTERS = List.of(
            List.of("A", "Starting a worker: `<binary> --worker --rank R --tp-size N --cuda-device D`"),
            List.of("F", "Frames"),
            List.of("O", "Operations"),
            List.of("S", "Stages"),
            List.of("L", "The end of a worker"));

    @Test
    void theRulesOfThePageAreThoseOfTheDocument() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String expected = chapters();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, page.substring(0, begin) + expected + page.substring(end));
            return;
        }

        assertThat(page.substring(begin, end))
                .as("docs/wire-contract.md; write it again with: "
                        + "./mvnw test -pl rpc -Dtest=WireContractPageTest -Ddocs.write=true")
                .isEqualTo(expected);
    }

    @Test
    void thePageNamesEachExtensionAndItsFields() throws IOException {
        String page = Files.readString(PAGE);
        String section = page.substring(page.indexOf("\n## Extensions"), page.indexOf("\n## How the contract grows"));
        ContractDocumentTest.contract().path("extensions").forEach(extension -> {
            assertThat(section)
                    .contains("| `" + extension.path("op").asString() + "` |")
                    .contains("| `" + extension.path("reply").asString() + "` |");
            extension.path("fields").forEach(field -> assertThat(section).contains(name(field)));
            extension.path("reply_fields").forEach(field -> assertThat(section).contains(name(field)));
        });
    }

    private static String name(JsonNode field) {
        return "`" + field.path("name").asString() + "`";
    }

    @Test
    void theTitleAndTheLastRowOfThePageNameTheVersion() throws IOException {
        String version = ContractDocumentTest.contract().path("version").asString();
        assertThat(Files.readString(PAGE))
                .as("the version of wire-contract.json, in the title and in the last row of 'How the contract grows'")
                .startsWith("# The wire contract, version " + version + "\n")
                .containsPattern("\\| " + version.replace(".", "\\.") + " \\| [^|\n]+ \\|\n$");
    }

    private static String chapters() {
        StringBuilder text = new StringBuilder("\n");
        for (List<String> chapter : CHAPTERS) {
            text.append("## ")
                    .append(chapter.get(0))
                    .append(": ")
                    .append(chapter.get(1))
                    .append("\n\n");
            if (chapter.get(0).equals("S")) {
                text.append("A worker of a later stage is a drop-in for one of an earlier stage on the same wire.\n\n");
                for (JsonNode stage : ContractDocumentTest.contract().path("stages")) {
                    text.append("- `").append(stage.path("stage").asString()).append("`: ");
                    text.append(stage.path("meaning").asString()).append("\n");
                }
                text.append("\n");
            }
            text.append("| id | level | rule | why |\n|---|---|---|---|\n");
            StringBuilder notJudged = new StringBuilder();
            StreamSupport.stream(ContractDocumentTest.contract().path("rules").spliterator(), false)
                    .filter(rule -> rule.path("id").asString().startsWith(chapter.get(0)))
                    .forEach(rule -> {
                        text.append(row(rule));
                        if (rule.has("no_judgement")) {
                            notJudged
                                    .append("- ")
                                    .append(rule.path("id").asString())
                                    .append(": ");
                            notJudged
                                    .append(rule.path("no_judgement").asString())
                                    .append(".\n");
                        }
                    });
            text.append(notJudged.isEmpty() ? "\n" : "\nNot judged:\n\n" + notJudged + "\n");
        }
        return text.toString();
    }

    private static String row(JsonNode rule) {
        String stages = rule.path("stages").size() == 3
                ? ""
                : " (" + rule.path("stages").path(0).asString() + ")";
        return "| " + rule.path("id").asString() + " | " + rule.path("level").asString() + stages + " | "
                + rule.path("rule").asString() + " | " + rule.path("why").asString() + " |\n";
    }
}
