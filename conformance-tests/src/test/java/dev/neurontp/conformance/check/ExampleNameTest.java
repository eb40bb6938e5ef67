package dev.neurontp.conformance.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.catalogue.Catalogue;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.process.LaunchSettings;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An entry of a file of known failures stands for one example, so each has a name of its own. */
final class ExampleNameTest {

    private static final int LONGEST = 400;
    private static final String PING = "{\"op\":\"ping\"}";

    private static Stream<Check.Examples> checks() {
        return Catalogue.checks(Contract.load()).stream()
                .filter(Check.Examples.class::isInstance)
                .map(Check.Examples.class::cast);
    }

    /** A line of the file is read without the blanks at its ends. */
    @ParameterizedTest
    @MethodSource("checks")
    void eachExampleOfACheckHasANameOfItsOwn(Check.Examples check) {
        Map<String, Script> seen = new HashMap<>();
        for (Script script : check.scripts()) {
            String name = script.name();
            assertThat(name).isEqualTo(name.strip()).doesNotContain("\n").hasSizeLessThan(LONGEST);
            Script other = seen.put(name, script);
            assertThat(other == null || isTheSame(other, script))
                    .as("one name: %s", name)
                    .isTrue();
        }
    }

    /** Some are sent once more, behind others. */
    private static boolean isTheSame(Script one, Script other) {
        return Arrays.equals(one.allBytes(), other.allBytes())
                && one.pieceLength() == other.pieceLength()
                && one.slow() == other.slow();
    }

    @Test
    void whatIsCutIsToldByItsBeginningItsLengthAndItsHash() {
        String name = nameOf("{\"op\":\"ping\",\"pad\":\"" + "a".repeat(5000) + "\"}");
        assertThat(name)
                .matches("\\{\"op\":\"ping\",\"pad\":\"a+…\\(5022 bytes, [0-9a-f]{8}\\)")
                .hasSizeLessThan(130);
        assertThat(nameOf("{\"op\":\"ping\",\"pad\":\"" + "a".repeat(4999) + "b\"}"))
                .isNotEqualTo(name);
        assertThat(nameOf(PING)).isEqualTo(PING);
    }

    /** A byte that is spelled out looks like the text that spells it. */
    @Test
    void whatLooksTheSameIsNamedApart() {
        assertThat(nameOf("\"a\\tb\"")).isNotEqualTo(nameOf("\"a\tb\""));
        assertThat(nameOf("<U+00E9>")).isNotEqualTo(nameOf("\u00e9"));
        assertThat(nameOf(" x")).isNotEqualTo(nameOf("x"));
        assertThat(nameOf("x ")).isNotEqualTo(nameOf(" x"));
        assertThat(nameOf("(an empty line)")).isNotEqualTo(nameOf(""));
    }

    @Test
    void linesInTheMiddleAndHowTheyAreSentAreOfTheName() {
        Script first = lines(PING, "a", PING);
        assertThat(lines(PING, "b", PING).name()).isNotEqualTo(first.name());
        assertThat(first.inPieces(1).name()).isNotEqualTo(first.inPieces(2).name());
        Script one = lines(PING);
        assertThat(one.inPieces(1).name()).isNotEqualTo(one.name());
    }

    @Test
    void allThatIsDoneWithAWorkerIsOfItsName() throws Exception {
        String beef = "{\"op\":\"init\",\"comm_id\":\"beef\"}";
        String empty = "{\"op\":\"init\",\"comm_id\":\"\"}";
        String dead = "{\"op\":\"init\",\"comm_id\":\"dead\"}";
        String first = nameAfter(worker -> Stream.of(PING, beef, empty).forEach(worker::send));
        assertThat(first).startsWith("--worker --rank 1 | " + PING + "\\n | ").hasSizeLessThan(LONGEST);
        assertThat(nameAfter(worker -> Stream.of(PING, beef, dead).forEach(worker::send)))
                .isNotEqualTo(first);
        assertThat(nameAfter(worker -> Stream.of(PING, dead, empty).forEach(worker::send)))
                .isNotEqualTo(first);
        assertThat(nameAfter(worker -> Stream.of(PING, beef, empty, beef).forEach(worker::send)))
                .isNotEqualTo(first);
    }

    /** How often it takes until something is seen is another thing in each run. */
    @Test
    void whatIsDoneAgainAndAgainIsOfTheNameOnce() throws Exception {
        String once = nameAfter(worker -> Stream.of(PING, "x").forEach(worker::send));
        assertThat(nameAfter(worker -> Stream.of(PING, "x", "x", "x").forEach(worker::send)))
                .isEqualTo(once);
    }

    /** They are other ones in each run. */
    @Test
    void commIdsAreToldApartAndNotByTheirText() throws Exception {
        assertThat(nameAfter(worker -> worker.send(id("a1"), id("b2"))))
                .isEqualTo(nameAfter(worker -> worker.send(id("c3"), id("d4"))))
                .isNotEqualTo(nameAfter(worker -> worker.send(id("a1"), id("a1"))));
        assertThat(nameAfter(worker -> worker.send(id("a1")))).isNotEqualTo(nameAfter(worker -> worker.send(id("A1"))));
    }

    @Test
    void argumentsAreOfTheNameAlsoOfAWorkerThatIsStartedLate() throws Exception {
        try (WorkerLauncher launcher = launcher()) {
            assertThat(name(launcher.startLate(List.of("--rank", "")))).isEqualTo("--rank '' | x\\n");
            assertThat(name(launcher.startLate(List.of("--rank")))).isEqualTo("--rank | x\\n");
            assertThat(name(launcher.startLate(List.of("--rank", " 1")))).isEqualTo("--rank ' 1' | x\\n");
        }
    }

    private static String id(String two) {
        return "{\"op\":\"init\",\"comm_id\":\"" + two.repeat(128) + "\"}";
    }

    private static String nameOf(String line) {
        return lines(line).name();
    }

    private static Script lines(String... lines) {
        return new Script(
                Stream.of(lines)
                        .map(line -> Line.of(line.getBytes(StandardCharsets.UTF_8), Expect.pong()))
                        .toList(),
                0);
    }

    private static String nameAfter(Consumer<DedicatedWorker> done) throws StartFailure {
        try (WorkerLauncher launcher = launcher()) {
            DedicatedWorker worker = dedicated(launcher.start(List.of("--worker", "--rank", "1"), Map.of(), false));
            done.accept(worker);
            return worker.violation("a reply", "none").example();
        }
    }

    private static WorkerLauncher launcher() {
        return new WorkerLauncher(List.of("/bin/sh", "-c", "cat >/dev/null"), LaunchSettings.INHERITED);
    }

    private static String name(WorkerProcess process) {
        DedicatedWorker worker = dedicated(process);
        worker.send("x");
        return worker.violation("a reply", "none").example();
    }

    private static DedicatedWorker dedicated(WorkerProcess worker) {
        return new DedicatedWorker(
                worker,
                "L1",
                Timeouts.of(Duration.ofSeconds(10), Duration.ZERO, () -> 1),
                new ReplyShape(Contract.load()),
                new ArrayList<RuleViolation>()::add);
    }
}
