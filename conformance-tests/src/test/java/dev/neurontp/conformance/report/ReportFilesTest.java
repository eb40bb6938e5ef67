package dev.neurontp.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.mutant.TestOptions;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One run with failures, as every report tells it. */
final class ReportFilesTest {

    @TempDir
    private static Path folder;

    private static RunReport report;

    @BeforeAll
    static void run() throws Exception {
        report = TestWorkers.judge(
                "takes-control-characters,spaced", "7a-i", List.of("O6", "F1s", "O9"), 20, Duration.ofSeconds(10), 3);
        Files.createDirectories(folder.resolve("transcripts"));
        Files.writeString(folder.resolve("transcripts/999-old.txt"), "of an earlier run");
        ReportFiles.write(report, folder);
    }

    @Test
    void theJsonHasEachRuleAndEachFailureWhole() throws Exception {
        JsonNode json =
                JsonMapper.shared().readTree(folder.resolve("report.json").toFile());
        assertThat(json.get("format").asInt()).isEqualTo(1);
        assertThat(json.get("exit_code").asInt()).isEqualTo(1);
        assertThat(json.get("rules").size()).isEqualTo(report.rules().size());
        assertThat(json.at("/counts/failed").asInt()).isEqualTo(1);
        assertThat(json.at("/counts/warned").asInt()).isEqualTo(1);
        JsonNode failure = json.get("failures")
                .valueStream()
                .filter(one -> one.get("rule").asString().equals("O6"))
                .findFirst()
                .orElseThrow();
        for (String field : List.of(
                "check",
                "counts_as",
                "message",
                "sent",
                "expected",
                "got",
                "cause",
                "at_ms",
                "process",
                "shrunk",
                "times",
                "again",
                "stderr",
                "transcript")) {
            assertThat(failure.has(field)).as(field).isTrue();
        }
        assertThat(failure.get("transcript").size()).isGreaterThan(1);
    }

    /** Whoever reads report.json by a program must find each field told, and none taken away. */
    @Test
    void everyFieldOfTheJsonStandsInTheDocument() throws Exception {
        JsonNode json =
                JsonMapper.shared().readTree(folder.resolve("report.json").toFile());
        Set<String> fields = new TreeSet<>(json.propertyNames());
        fields.addAll(json.at("/rules/0").propertyNames());
        json.get("rules")
                .valueStream()
                .flatMap(rule -> rule.get("checks").valueStream())
                .forEach(check -> fields.addAll(check.propertyNames()));
        fields.addAll(json.at("/failures/0").propertyNames());
        fields.addAll(List.of("entry", "failed"));
        JsonNode soak = JsonMapper.shared().readTree(JsonReport.of(soak()));
        fields.addAll(soak.propertyNames());
        fields.addAll(soak.get("soak").propertyNames());
        fields.addAll(soak.at("/soak/samples/0").propertyNames());
        String document = Files.readString(Path.of("..", "docs", "conformance.md"));
        int from = document.indexOf("`report.json`, format 1");
        String table = document.substring(from, document.indexOf("Verdicts:", from));
        Set<String> told = Pattern.compile("`([a-z_]+)(\\[])?`")
                .matcher(table)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(told).isEqualTo(fields);
    }

    @Test
    void theJsonSaysHowManyProcessesEachRuleStartedAndWhatTheyUsed() throws Exception {
        JsonNode json =
                JsonMapper.shared().readTree(folder.resolve("report.json").toFile());
        int all = 0;
        for (JsonNode rule : json.get("rules")) {
            int ofChecks = rule.get("checks")
                    .valueStream()
                    .mapToInt(check -> check.get("processes").asInt())
                    .sum();
            assertThat(rule.get("processes").asInt()).isEqualTo(ofChecks);
            assertThat(rule.get("workers_cpu_ms").asLong())
                    .isNotNegative()
                    .isEqualTo(rule.get("checks")
                            .valueStream()
                            .mapToLong(check -> check.get("workers_cpu_ms").asLong())
                            .sum());
            all += ofChecks;
            if (rule.get("id").asString().equals("O6")) {
                assertThat(ofChecks)
                        .as("a fresh one for what an old one did wrong")
                        .isPositive();
            }
        }
        assertThat(all).isPositive().isLessThanOrEqualTo(json.get("processes").asInt());
        assertThat(json.get("suite_cpu_ms").asLong()).isPositive();
        assertThat(json.get("workers_cpu_ms").asLong()).isNotNegative();
    }

    @Test
    void theXmlIsXmlWithACaseForEachRule() throws Exception {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("junit.xml").toFile())
                .getDocumentElement();
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("testcase").getLength())
                .isEqualTo(Integer.parseInt(suite.getAttribute("tests")));
        assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(1);
    }

    /** A CI system that cannot read the file shows no failure at all. */
    @ParameterizedTest
    @ValueSource(strings = {"this one", "not judged", "stale", "soak"})
    void theXmlIsOfTheFormThatReadersAgreeOn(String kind) throws Exception {
        RunReport other = switch (kind) {
            case "not judged" -> TestWorkers.judge(List.of("/bin/sh", "-c", "echo '<a>\u001b' >&2; exit 7"), 10, 3);
            case "stale" -> stale();
            case "soak" -> soak();
            default -> report;
        };
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(ReportFilesTest.class.getResource("/junit.xsd"))
                .newValidator()
                .validate(new StreamSource(new StringReader(JunitReport.of(other))));
    }

    private static RunReport stale() throws Exception {
        Path known = Files.writeString(folder.resolve("known"), "F11 F11.at-the-start\n");
        RunOptions options = TestOptions.like(RunOptions.of(TestWorkers.worker("", "7a-i"), 1))
                .only("F11")
                .knownFailures(known)
                .suite("my worker's")
                .options();
        RunReport stale = new ConformanceRun(options, Listener.NONE).run();
        assertThat(stale.stale()).hasSize(1);
        return stale;
    }

    @Test
    void everyReportNamesEachStaleEntry() throws Exception {
        RunReport stale = stale();
        String entry = stale.stale().getFirst().toString();
        assertThat(HtmlReport.of(stale)).contains(entry + " is in the file of known failures");
        assertThat(MarkdownReport.of(stale))
                .contains("**Stale:** " + Markup.markdown(entry) + " is in the file of known failures");
        assertThat(JunitReport.of(stale)).contains(entry);
    }

    private static RunReport soak() {
        RunReport soak = TestWorkers.soak("leaks-every-descriptor", "7a-i", List.of("F6"), Duration.ofSeconds(1));
        assertThat(soak.soak().orElseThrow().findings()).hasSize(1);
        return soak;
    }

    @Test
    void everyReportSaysWhatASoakFound() throws Exception {
        RunReport soak = soak();
        String found = soak.soak().orElseThrow().findings().getFirst();
        assertThat(found).contains("descriptors");
        assertThat(HtmlReport.of(soak)).contains("open descriptors, at most ", "<svg ", "<polyline ", found);
        assertThat(MarkdownReport.of(soak)).contains("**Failed in the soak:** " + Markup.markdown(found));
        assertThat(JunitReport.of(soak)).contains("name=\"soak\"", "<failure type=\"growth\"");
        assertThat(JsonReport.of(soak)).contains("\"soak\" :", "\"resident_bytes\" :", "\"exit_code\" : 1");
        StringWriter terminal = new StringWriter();
        new TerminalReport(new PrintWriter(terminal), false, TerminalReport.Detail.QUIET).print(soak);
        assertThat(terminal.toString()).contains("FAILED  soak  " + found, "1 failure in the soak");
    }

    /** The first failure of a rule may well be the known one. */
    @ParameterizedTest
    @CsvSource({"F11.at-the-start, F11.in-the-middle", "F11.in-the-middle, F11.at-the-start"})
    void aRuleThatFailsByANewFailureIsNotExplainedByAKnownOne(String known, String fresh, @TempDir Path files)
            throws Exception {
        Path file = Files.writeString(files.resolve("known"), "F11 " + known + "\n");
        RunReport both = new ConformanceRun(
                        TestOptions.like(RunOptions.of(TestWorkers.worker("takes-bom", "7a-i"), 1))
                                .only("F11")
                                .knownFailures(file)
                                .options(),
                        Listener.NONE)
                .run();
        assertThat(both.findings()).hasSizeGreaterThan(1);
        assertThat(JunitReport.of(both))
                .contains("message=\"" + fresh + ": ")
                .doesNotContain(known + ": ", known + " (");
        assertThat(HtmlReport.of(both))
                .contains("<h3>" + known + " <small>a known failure</small>")
                .doesNotContain("<h3>" + fresh + " <small>a known failure</small>");
    }

    @Test
    void theSuitesNameKeepsTheCasesOfTwoWorkersApart() throws Exception {
        assertThat(JunitReport.of(stale()))
                .contains("<testsuite name=\"my worker&#39;s\"", "classname=\"my worker&#39;s.MUST\"");
    }

    /** Of two reports that differ, what else differed can be seen. */
    @ParameterizedTest
    @ValueSource(strings = {"report.json", "junit.xml", "report.md", "report.html"})
    void everyReportNamesWhatAndWhereItIsOf(String file) throws Exception {
        String text = Files.readString(folder.resolve(file));
        String plain = Pattern.compile("&#([0-9]+);")
                .matcher(text)
                .replaceAll(code -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(code.group(1)))));
        assertThat(plain)
                .contains(
                        report.facts().product(),
                        report.facts().contract(),
                        "mutant 1.0",
                        report.facts().host(),
                        System.getProperty("os.version"),
                        "wrong reply");
    }

    @Test
    void thePageFetchesNothingAndKeepsMarkupOut() throws Exception {
        String html = Files.readString(folder.resolve("report.html"));
        assertThat(html)
                .doesNotContain("http://", "https://", "src=", "@import")
                .contains("prefers-color-scheme: dark");
        assertThat(html).contains("Fix in this order", "<li>failed: <a href=\"#");
        assertThat(html).contains("width=device-width", "data-verdict=\"failed\"", "class=\"rule failed\"");
        assertThat(Markup.escape("<script>\u0000\ufffe")).doesNotContain("<", ">", "\u0000", "\ufffe");
    }

    @Test
    void theMarkdownHasATableRowForEachRuleThatIsJudged() throws Exception {
        String md = Files.readString(folder.resolve("report.md"));
        assertThat(md).contains("**Exit code 1.**", "### failed: O6.strings", "| O9 exact replies | MUST | passed |");
    }

    /** CI systems render report.md: what a worker wrote must stay text there. */
    @Test
    void anApostropheIsOneInMarkdown() {
        assertThat(Markup.markdown("a worker's")).isEqualTo("a worker's");
    }

    @Test
    void nothingOfAWorkerIsMarkupInMarkdown() {
        String cell = Markup.cell("![x](http://host/x.png) [a](b) `c` <img src=x> |\n@someone www.host.org");
        assertThat(cell).doesNotContain("![", "](", "`", "<img", "|", "@", "http://", "www.", "\n");
    }

    @Test
    void theHtmlListsRulesInTheOrderInWhichToFixThem() throws Exception {
        String html = Files.readString(folder.resolve("report.html"));
        assertThat(html.indexOf("id=\"O6\"")).isLessThan(html.indexOf("id=\"F1s\""));
        assertThat(html.indexOf("id=\"F1s\"")).isLessThan(html.indexOf("id=\"O9\""));
    }

    @Test
    void transcriptsAreThoseOfThisRun() throws Exception {
        try (var files = Files.list(folder.resolve("transcripts"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(report.findings().size());
            assertThat(all).noneMatch(file -> file.endsWith("999-old.txt"));
        }
    }

    @Test
    void annotationsAreALineForEachCauseTheWorstFirst() throws Exception {
        assertThat(Files.readAllLines(folder.resolve("annotations.txt")))
                .hasSize(2)
                .satisfiesExactly(
                        error -> assertThat(error)
                                .startsWith("::error title=wire contract O6.strings (MUST)::O6.strings")
                                .contains("%0Agot: {\"op\": \"pong\""),
                        warning -> assertThat(warning).startsWith("::warning title=wire contract F1s"));
    }

    /** In a runner's log a line that begins with two colons is a command. */
    @Test
    void noTextOfAWorkerIsACommandInAnnotations() {
        String line = Annotations.line("error", "a,b::c", "got\n::add-mask::x\r::error::100%25");
        assertThat(line).isEqualTo("::error title=a%2Cb%3A%3Ac::got%0A::add-mask::x%0D::error::100%2525\n");
        assertThat(Annotations.line("error", "t", "x".repeat(1999) + "\ud83d\ude00")
                        .codePoints())
                .as("a character is not cut")
                .allMatch(c -> c < 0xd800 || c > 0xdfff);
    }

    @Test
    void anAnnotationSaysWhatElseFailsARun() throws Exception {
        assertThat(Annotations.of(stale()))
                .startsWith("::error title=wire contract::F11 F11.at-the-start is in the file");
        assertThat(Annotations.of(soak()))
                .contains("::error title=wire contract, soak::".replace(", ", "%2C "))
                .contains("descriptors");
        assertThat(Annotations.of(TestWorkers.judge(List.of("/bin/sh", "-c", "exit 7"), 10, 3)))
                .startsWith(
                        "::error title=wire contract::the worker could not be judged at all: it ended with exit code 7");
    }

    @Test
    void quietIsFailuresAndTheLastLineAlone() {
        StringWriter text = new StringWriter();
        new TerminalReport(new PrintWriter(text), false, TerminalReport.Detail.QUIET).print(report);
        assertThat(text.toString()).contains("FAILED  O6", "rules: 1 passed").doesNotContain("shutdown:", "skipped:");
    }

    /** The last line alone would leave the author without a way on. */
    @Test
    void quietSaysWhyNothingWasJudged() {
        StringWriter text = new StringWriter();
        RunReport skipped = TestWorkers.judge("", "7a-i", List.of("S3"), 10, Duration.ofSeconds(3), 5);
        new TerminalReport(new PrintWriter(text), false, TerminalReport.Detail.QUIET).print(skipped);
        assertThat(text.toString()).contains("NOT JUDGED", "skipped: S2 S3").doesNotContain("of: ");
    }

    @Test
    void theTerminalSaysAllThatAPersonNeeds() {
        StringWriter text = new StringWriter();
        new TerminalReport(new PrintWriter(text), false, TerminalReport.Detail.NORMAL).print(report);
        assertThat(text.toString())
                .contains("FAILED  O6.strings  MUST", "WARNED", "sent", "expected   an error of kind bad_request")
                .contains(
                        "got        {\"op\": \"pong\"",
                        "stderr     (nothing)",
                        "again      tpctl conformance run --only O6.strings")
                .contains("rules: 1 passed, 1 failed, 1 warned, 0 expected failures")
                .contains("also sent  {\"op\":\"ping\",\"x\":\"a\\tb\"}")
                .doesNotContain("\u001b");
    }
}
