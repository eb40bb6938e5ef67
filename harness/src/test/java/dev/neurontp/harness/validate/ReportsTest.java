package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportsTest {
    private static final int RANKS = 8;
    private static final Case OF = Samples.measured("all_reduce", Samples.COUNT);

    @TempDir
    private Path folder;

    private static ValidationReport good(boolean simulated) {
        return good(RANKS, simulated, 4_000_000);
    }

    private static ValidationReport good(int count, boolean simulated, long nanos) {
        List<RankDevice> ranks = Samples.ranks(count, simulated);
        CaseJudge judge = new CaseJudge(ranks, new Bars(), List.of(OF));
        CaseResult checked = CaseResult.without(Case.step(Phase.CORRECTNESS, "sanity"), Status.PASS, "", List.of());
        CaseResult row =
                judge.judge(OF, Samples.answer(Samples.all(count, Samples.right(Samples.COUNT, nanos, simulated))));
        return Samples.report(ranks, checked, row);
    }

    private static ValidationReport bad() {
        List<RankDevice> ranks = Samples.ranks(RANKS, false);
        SortedMap<Integer, XCollectiveResult> answers = Samples.all(RANKS, Samples.right(Samples.COUNT, 4_000_000));
        answers.put(
                3,
                Samples.wrong(
                        Samples.COUNT,
                        2,
                        "</pre><script>alert(1)</script> | `x` [link](http://x)",
                        List.of(new XCollectiveResult.Source(6, 2))));
        return Samples.report(ranks, new CaseJudge(ranks, new Bars(), List.of(OF)).judge(OF, Samples.answer(answers)));
    }

    @Test
    void aSimulationCannotBeTakenForHardware() {
        ValidationReport report = good(true);
        JsonNode json = JsonMapper.shared().readTree(JsonReport.of(report));
        assertThat(json.get("hardware").asBoolean(true)).isFalse();
        json.get("cases").forEach(one -> {
            assertThat(one.get("simulated").asBoolean(false)).isTrue();
            assertThat(one.path("busbw").isNumber()).isFalse();
            assertThat(one.path("algbw").isNumber()).isFalse();
        });
        assertThat(JunitReport.of(report)).contains("name=\"validate.simulated.nccl\"", "PASS (simulated)");
        assertThat(MarkdownReport.of(report)).contains("SIMULATED").doesNotContain("469.8");
    }

    /** Whoever copies one of them out of a report copies the line before it, or sees that it is missing. */
    @Test
    void everyTableAndPlotHasTheMarkRightBeforeIt() throws Exception {
        String band = Hardware.SIMULATED.band();
        String html = HtmlReport.of(good(true)).replaceAll("(?s).*<body>", "");
        assertThat(html).contains("<table", "<svg");
        String[] before = html.split("<table|<figure", -1);
        assertThat(Arrays.copyOf(before, before.length - 1)).allMatch(text -> text.contains(band));
        List<String> lines = MarkdownReport.of(good(true)).lines().toList();
        List<Integer> tables = IntStream.range(1, lines.size())
                .filter(at -> lines.get(at).startsWith("|---"))
                .boxed()
                .toList();
        assertThat(tables)
                .hasSize(2)
                .allSatisfy(at -> assertThat(lines.get(at - 3)).contains(band));
    }

    @Test
    void whatHasNoRootSaysMinusOneAsOnTheScreen() {
        JsonNode json = JsonMapper.shared().readTree(JsonReport.of(good(false)));
        assertThat(json.get("cases").valueStream().filter(one -> one.has("root")))
                .isNotEmpty()
                .allMatch(one -> one.get("root").asInt(0) == -1);
        assertThat(OF.root()).isEqualTo(-1);
    }

    @Test
    void foreignTextIsNoMarkup() throws Exception {
        ValidationReport report = bad();
        assertThat(HtmlReport.of(report)).contains("&lt;script&gt;").doesNotContain("<script>alert");
        assertThat(HtmlReport.of(report)).doesNotContain("href=", "src=", "@import", "url(");
        Document xml = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(JunitReport.of(report))));
        assertThat(xml.getElementsByTagName("failure").getLength()).isEqualTo(1);
        assertThat(MarkdownReport.of(report).lines().filter(line -> !line.startsWith("    ")))
                .noneMatch(line -> line.contains("[link]"));
    }

    /** Neither a text of a worker nor the name of a communicator that a daemon says. */
    @Test
    void noTextMakesAJunitReportThatNoParserTakes() throws Exception {
        CaseResult failed = CaseResult.without(
                Case.step(Phase.PEERS, "0-\uffff"), Status.FAIL, "the copy failed: \uffff\ufffe", List.of("\uffff"));
        String report = JunitReport.of(Samples.report(Samples.ranks(2, false), failed));
        Document xml = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(report)));
        assertThat(xml.getElementsByTagName("failure").getLength()).isEqualTo(1);
        assertThat(report).contains("type=\"the copy failed: ??\"");
    }

    /** A worker names its GPU, and GitHub makes links of bare addresses. */
    @Test
    void foreignTextIsNoLinkInMarkdown() {
        XDeviceInfo gpu = Samples.gpu(0, false);
        XDeviceInfo evil = new XDeviceInfo(
                "www.evil.example",
                gpu.bootId(),
                gpu.communicator(),
                false,
                "HTTPS://evil.example/",
                "ftp://evil.example",
                "+ http://evil.example @root WWW.evil.example $x^2$",
                gpu.driver(),
                gpu.cuda(),
                gpu.nccl(),
                gpu.ncclLibrary(),
                gpu.memoryTotal(),
                gpu.memoryFree(),
                gpu.numaNode(),
                gpu.computeCapability());
        RankDevice rank = new RankDevice(0, 100, 0, Optional.of(evil), "");
        CaseResult lost = CaseResult.without(
                Case.step(Phase.CORRECTNESS, "sanity"), Status.FAIL, "- https://evil.example", List.of());
        assertThat(MarkdownReport.of(Samples.report(List.of(rank), lost)))
                .contains("evil")
                .doesNotContainPattern("(?i)://|www\\.|@root|\\$x|(?m)^- ");
    }

    @Test
    void theSuspectIsTheOneThatAllWrongDataHasInCommon() {
        assertThat(Suspect.of(bad()))
                .contains(
                        "only rank 3 (h100-17, GPU 3, GPU-00000003, 0000:3b:00.0) received wrong data, in 1 cases, and all of"
                                + " it belongs to rank 6 (h100-17, GPU 6, GPU-00000006, 0000:6b:00.0): one of them, or what is"
                                + " between them");
        assertThat(Suspect.of(good(false))).isEmpty();
        List<RankDevice> ranks = Samples.ranks(RANKS, false);
        SortedMap<Integer, XCollectiveResult> everywhere =
                Samples.all(RANKS, Samples.wrong(Samples.COUNT, 2, "", List.of(new XCollectiveResult.Source(6, 2))));
        CaseResult result = new CaseJudge(ranks, new Bars(), List.of(OF)).judge(OF, Samples.answer(everywhere));
        assertThat(Suspect.of(Samples.report(ranks, result)).orElseThrow())
                .startsWith("every wrong element belongs to rank 6 (");
    }

    /** In a ring each rank receives from one, and of two ranks each from the other. */
    @Test
    void whereAllOfItWentFromOneRankToAnotherBothAreNamed() {
        List<RankDevice> ranks = Samples.ranks(2, false);
        Case ring = Samples.measured("sendrecv", 1000);
        SortedMap<Integer, XCollectiveResult> answers = Samples.all(2, Samples.right(1000, 1_000_000));
        answers.put(1, Samples.wrong(1000, 3, "never written", List.of(new XCollectiveResult.Source(0, 3))));
        assertThat(Suspect.of(Samples.report(ranks, judged(ranks, ring, answers)))
                        .orElseThrow())
                .startsWith("only rank 1 (")
                .contains("all of it belongs to rank 0 (")
                .endsWith("one of them, or what is between them");
    }

    /** Only a root receives, so wrong data says nothing of it as long as nobody else has received any. */
    @Test
    void theOnlyOneThatCouldReceiveIsNotTheSuspect() {
        List<RankDevice> ranks = Samples.ranks(RANKS, false);
        Case gather = Samples.measured("gather", 1000);
        SortedMap<Integer, XCollectiveResult> answers = Samples.all(RANKS, Samples.right(0, 1_000_000));
        answers.put(0, Samples.wrong(8000, 3, "", List.of(new XCollectiveResult.Source(3, 3))));
        CaseResult bad = judged(ranks, gather, answers);
        assertThat(Suspect.of(Samples.report(ranks, bad)).orElseThrow())
                .startsWith("every wrong element belongs to rank 3 (");

        answers.put(0, Samples.wrong(8000, 3, "", List.of()));
        assertThat(Suspect.of(Samples.report(ranks, judged(ranks, gather, answers))))
                .isEmpty();
    }

    /** A rank looks for a cause of the first ones only. */
    @Test
    void ofVeryManyWrongElementsThoseThatWereLookedAtSuffice() {
        List<RankDevice> ranks = Samples.ranks(RANKS, false);
        XCollectiveResult.Source looked = new XCollectiveResult.Source(6, XCollectiveResult.MOST_EXPLAINED);
        CaseResult bad = judged(
                ranks,
                OF,
                Samples.all(RANKS, Samples.wrong(Samples.COUNT, Samples.COUNT, "rank 6 is missing", List.of(looked))));
        assertThat(Suspect.of(Samples.report(ranks, bad)).orElseThrow())
                .startsWith("every wrong element that was looked at belongs to rank 6 (");
    }

    private static CaseResult judged(List<RankDevice> ranks, Case of, SortedMap<Integer, XCollectiveResult> answers) {
        return new CaseJudge(ranks, new Bars(), List.of(of)).judge(of, Samples.answer(answers));
    }

    @Test
    void theExitCodeSaysWhatWasSeen() {
        List<RankDevice> ranks = Samples.ranks(2, false);
        CaseResult pass = CaseResult.without(Case.step(Phase.CORRECTNESS, "sanity"), Status.PASS, "", List.of());
        CaseResult joined = CaseResult.without(Case.step(Phase.JOIN, "all ranks"), Status.PASS, "", List.of());
        CaseResult fail = CaseResult.without(Case.step(Phase.LEAVE, "all ranks"), Status.FAIL, "", List.of());
        CaseResult skipped = pass.with(Status.SKIPPED, "not here");
        assertThat(Samples.report(ranks, pass).exitCode()).isZero();
        assertThat(Samples.report(ranks, joined, skipped).exitCode()).isEqualTo(3);
        assertThat(Samples.report(ranks, pass, fail).exitCode()).isEqualTo(1);
        assertThat(Samples.report(ranks, ValidationReport.Stop.OUT_OF_TIME, pass)
                        .exitCode())
                .isEqualTo(4);
        assertThat(Samples.report(ranks, ValidationReport.Stop.OUT_OF_TIME, pass, fail)
                        .exitCode())
                .isEqualTo(1);
        assertThat(Samples.report(ranks, ValidationReport.Stop.NO_HARDWARE, fail)
                        .exitCode())
                .isEqualTo(2);
        assertThat(Samples.report(ranks, ValidationReport.Stop.INTERRUPTED, pass)
                        .exitCode())
                .isEqualTo(130);
    }

    @Test
    void aRunThatHasCheckedNoCollectiveIsAnErrorForCi() {
        CaseResult joined = CaseResult.without(Case.step(Phase.JOIN, "all ranks"), Status.PASS, "", List.of());
        String xml = JunitReport.of(Samples.report(Samples.ranks(2, false), joined));
        assertThat(xml).contains("tests=\"2\"", "errors=\"1\"", "<error type=\"incomplete\"");
    }

    @Test
    void aReportIsABaseline() throws Exception {
        Path file = folder.resolve("report.json");
        Files.writeString(file, JsonReport.of(good(false)));
        Bars bars = new Bars();
        bars.baseline(Baseline.read(file, 0.1));
        assertThat(bars.of(OF, true).orElseThrow().least()).isBetween(422.0, 423.0);
        CaseJudge judge = new CaseJudge(Samples.ranks(RANKS, false), bars, List.of(OF));
        CaseResult slow = judge.judge(OF, Samples.answer(Samples.all(RANKS, Samples.right(Samples.COUNT, 5_000_000))));
        assertThat(bars.coverage(List.of(OF))).isEmpty();
        Case other = Samples.measured("all_reduce", 4096);
        assertThat(bars.coverage(List.of(OF, other)).orElseThrow().status()).isEqualTo(Status.WARN);
        CaseResult none = bars.coverage(List.of(other)).orElseThrow();
        assertThat(none.status()).isEqualTo(Status.FAIL);
        assertThat(none.reason()).contains("has a threshold for 0 of the 1 cases");
        assertThat(new Bars().coverage(List.of(other))).isEmpty();
        assertThat(slow.status()).isEqualTo(Status.FAIL);
        assertThat(slow.reason()).contains("--baseline (90% of it)");
    }

    private Baseline baseline(int ranks, long nanos) throws Exception {
        Path file = folder.resolve(ranks + "-" + nanos + ".json");
        Files.writeString(file, JsonReport.of(good(ranks, false, nanos)));
        return Baseline.read(file, 0.1);
    }

    /** 469.8, 375.8 and 187.9 GB/s: one bad day of three counts for nothing. */
    @Test
    void ofSeveralBaselinesTheMedianCounts() throws Exception {
        List<Baseline> three =
                List.of(baseline(RANKS, 10_000_000), baseline(RANKS, 4_000_000), baseline(RANKS, 5_000_000));
        Bar bar = Baseline.median(three).bar(OF).orElseThrow();
        assertThat(bar.least()).isBetween(338.0, 339.0);
        assertThat(bar.source()).isEqualTo("--baseline (90% of the median of 3 runs)");
        assertThat(Baseline.median(three.subList(0, 2)).bar(OF).orElseThrow().least())
                .isBetween(169.0, 170.0);
        List<Baseline> mixed = List.of(baseline(RANKS, 4_000_000), baseline(4, 4_000_000));
        assertThatThrownBy(() -> Baseline.median(mixed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 x NVIDIA H100", "4 x NVIDIA H100", "one class of machines");
    }

    @Test
    void aSimulationAFailureAndAnythingElseAreNoBaseline() throws Exception {
        refused(JsonReport.of(good(true)), "SIMULATED");
        refused(JsonReport.of(bad()), "did not pass");
        refused("{}", "no report.json");
        refused("nonsense", "it cannot be read as JSON");
        assertThatThrownBy(() -> Baseline.read(folder.resolve("missing"), 0.1)).hasMessageContaining("cannot be read");
    }

    private void refused(String text, String why) throws Exception {
        Path file = folder.resolve("no-baseline.json");
        Files.writeString(file, text);
        assertThatThrownBy(() -> Baseline.read(file, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aRankWithoutTheExtensionIsNoHardware() {
        RankDevice foreign = new RankDevice(0, 1, 0, Optional.empty(), RankDevice.NO_EXTENSION);
        assertThat(Samples.report(List.of(foreign)).simulated()).isTrue();
    }
}
