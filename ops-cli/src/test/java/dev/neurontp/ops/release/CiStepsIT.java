package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.ops.release.CiSteps.CiSystem;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell steps of action.yml, templates/judge.yml and the Jenkins pipeline of docs/ci.md, run as the systems run them. */
@Tag("long")
class CiStepsIT {
    private static final String NAN = ", parse_constant=constant";

    @TempDir
    private Path folder;

    private Path work;
    private final Map<String, String> inputs = new HashMap<>();

    /** A package as the steps see it: what {@link PackageIT} looks into is too large to be made here. */
    @BeforeEach
    void makeAPackageAndAWorker() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "SKIPPED: there is no python3");
        Path bin = Files.createDirectories(folder.resolve("neurontp-0.1.0-linux-x64/bin"));
        Files.copy(Programs.root().resolve("bin/ci-judge"), bin.resolve("ci-judge"));
        executable(bin.resolve("tpctl"), "#!/bin/sh\nexec '" + Programs.tpctl() + "' \"$@\"\n");
        shell("tar -C \"$0\" -czf \"$0/a package.tar.gz\" neurontp-0.1.0-linux-x64");
        work = Files.createDirectory(folder.resolve("work"));
        Files.copy(Programs.root().resolve("docs/junit-example/worker.py"), work.resolve("worker.py"));
        inputs.put("command", "python3 worker.py");
        inputs.put("package", folder.resolve("a package.tar.gz").toString());
        inputs.put("options", "--tries 5 --idle 0s --only F2,O6,O10s --seed 3");
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void shell(String line) throws Exception {
        BareProgram result =
                BareProgram.run(Map.of("PATH", System.getenv("PATH")), List.of("sh", "-c", line, folder.toString()));
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
    }

    /** The worker with a text of its source replaced. */
    private void change(String text, String by) throws IOException {
        Path worker = work.resolve("worker.py");
        String source = Files.readString(worker);
        assertThat(source).contains(text);
        Files.writeString(worker, source.replace(text, by));
    }

    private BareProgram run(CiSystem system) throws Exception {
        CiSteps steps = new CiSteps(folder, work, inputs);
        BareProgram result = steps.run(system);
        assertThat(steps.temporary()).as("a runner may live on").isEmptyDirectory();
        return result;
    }

    @ParameterizedTest
    @EnumSource
    void aRightWorkerPasses(CiSystem system) throws Exception {
        BareProgram result = run(system);

        assertThat(result.code()).as("%s%s", result.out(), result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).contains("PASSED  rules: ");
        assertThat(work.resolve("wire/junit.xml")).isNotEmptyFile();
    }

    @ParameterizedTest
    @EnumSource
    void aWrongWorkerFails(CiSystem system) throws Exception {
        change(NAN, "");
        BareProgram result = run(system);

        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
        assertThat(result.out()).contains("FAILED  O6.lenient  MUST");
    }

    @ParameterizedTest
    @EnumSource
    void aMissingProgramIsNotJudged(CiSystem system) throws Exception {
        inputs.put("command", "./no-such-worker --fast");
        BareProgram result = run(system);

        assertThat(result.code()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(result.out()).contains("NOT JUDGED", "'./no-such-worker' does not exist in ");
    }

    @Test
    void onGitHubAFailureIsAnAnnotationAndTheSummaryIsTheReport() throws Exception {
        change(NAN, "");
        BareProgram result = run(CiSystem.GITHUB);

        assertThat(WorkflowCommands.of(result.out()))
                .isNotEmpty()
                .allSatisfy(command ->
                        assertThat(command).startsWith("::error title=wire contract O6.lenient (MUST)::O6.lenient: "));
        assertThat(Files.readString(folder.resolve("summary"))).contains("### failed: O6.lenient, MUST");
        assertThat(Files.readString(folder.resolve("output")).lines())
                .contains("exit-code=1", "outcome=failed", "report=wire");
    }

    @Test
    void onGitHubAWorkerThatIsNotThereIsAnAnnotation() throws Exception {
        inputs.put("command", "./no-such-worker");
        assertThat(WorkflowCommands.of(run(CiSystem.GITHUB).out()))
                .singleElement()
                .asString()
                .startsWith("::error title=wire contract::the worker could not be judged at all: './no-such-worker'");
        assertThat(Files.readString(folder.resolve("output"))).contains("outcome=not-judged");
    }

    /** A worker may say anything, on stderr a line at a time. */
    @Test
    void noTextOfAWorkerIsACommandOfGitHub() throws Exception {
        change(NAN, "");
        change("    for line in sys.stdin.buffer:\n", """
                    for line in sys.stdin.buffer:
                        print("::error title=forged::forged", file=sys.stderr)
                        print("##[error]forged", file=sys.stderr)
                        print("::stop-commands::x", file=sys.stderr, flush=True)
                """);
        BareProgram result = run(CiSystem.GITHUB);

        assertThat(result.out())
                .as("it is in the log")
                .contains("<U+003A>:error title=forged::forged", "#<U+0023>[error]forged");
        assertThat(WorkflowCommands.of(result.out() + result.err()))
                .isNotEmpty()
                .allSatisfy(command -> assertThat(command).startsWith("::error title=wire contract O6.lenient"));
    }

    /** What a test of this class could not see otherwise. */
    @Test
    void aLogIsReadAsGitHubReadsIt() {
        assertThat(WorkflowCommands.of(
                        "  ::error::a\nb ##[group]\n::stop-commands::t\n::error::c\n::t::\n::warning::d\n"))
                .containsExactly("::error::a", "b ##[group]", "::warning::d");
    }

    @ParameterizedTest
    @EnumSource
    void wordsAreQuotedAndNothingIsExpanded(CiSystem system) throws Exception {
        executable(work.resolve("my worker"), "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$(mktemp words.XXXXXX)\"\n");
        inputs.put("command", "'./my worker' '$(touch expanded)' \"a b\" `touch expanded` $HOME; touch expanded");
        run(system);

        assertThat(work.resolve("expanded")).doesNotExist();
        try (Stream<Path> files = Files.list(work)) {
            Path words = files.filter(file -> file.getFileName().toString().startsWith("words."))
                    .findFirst()
                    .orElseThrow();
            assertThat(Files.readAllLines(words))
                    .startsWith(
                            "$(touch expanded)",
                            "a b",
                            "`touch",
                            "expanded`",
                            "$HOME;",
                            "touch",
                            "expanded",
                            "--worker");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "python3 'worker.py"})
    void aCommandThatIsNoneIsAUsageError(String command) throws Exception {
        inputs.put("command", command);
        BareProgram result = run(CiSystem.GITHUB);
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("ci-judge: JUDGE_COMMAND");
        assertThat(work.resolve("wire")).as("nothing was judged").doesNotExist();
    }

    @Test
    void theOtherInputsReachTheJudge() throws Exception {
        change(NAN, "");
        change("message[:200]", "message");
        Files.writeString(work.resolve("known failures"), "O6\n");
        inputs.putAll(Map.of(
                "known-failures", "known failures", "strict", "true", "stage", "7a-i", "contract-version", "1.0"));
        BareProgram result = run(CiSystem.GITHUB);

        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
        assertThat(result.out())
                .contains("FAILED  O10s", "1 expected failure", "stage 7a-i (as told)", "--contract-version 1.0");
    }

    @Test
    void aPackageCanBeAnAddress() throws Exception {
        assumeTrue(Programs.onPath("curl").isPresent(), "SKIPPED: there is no curl");
        inputs.put("package", folder.resolve("a package.tar.gz").toUri().toString());
        assertThat(run(CiSystem.GITHUB).code()).isEqualTo(ExitCode.OK);
        assertThat(run(CiSystem.GITLAB).code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void theActionTakesTheReleaseOfThisVersion() throws Exception {
        assertThat(Files.readString(Programs.root().resolve("pom.xml")))
                .contains("<version>"
                        + CiSteps.action().at("/inputs/version/default").asString() + "</version>");
    }
}
