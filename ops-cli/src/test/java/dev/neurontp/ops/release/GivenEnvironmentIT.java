package dev.neurontp.ops.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody else's worker sees of the environment that a launcher was started with: all of it, whatever the names are. */
class GivenEnvironmentIT {
    /** What begins the names of the scripts' own variables: a shell that assigns one from its environment hands on the new value. */
    private static final String OWN = "neurontp_";

    /** Those that assign a variable in a shell which then starts programs. */
    private static final List<String> SCRIPTS =
            List.of("tpctl", "neuron", "ci-judge", "common.sh", "build.sh", "steps.sh");

    private static final Pattern ASSIGNED = Pattern.compile(
            "(?m)(?:^|[\\s;{(&|'\"])([a-z_][a-z0-9_]*)=|\\bfor ([a-z_]+)(?= in\\b| do\\b|;)|\\$\\{([a-z_]+):=|\\bread -r ([a-z_ ]+)");

    /** Each makes a JVM of ours speak, or is read by a shell before it begins. */
    private static final Map<String, String> FOR_OTHERS = Map.of(
            "JAVA_TOOL_OPTIONS",
            "-Dgiven=\"in the image\"",
            "JDK_JAVA_OPTIONS",
            "-Xshare:auto",
            "_JAVA_OPTIONS",
            "-Dother='$(exit 9)'",
            "BASH_ENV",
            "/nowhere/$startup",
            "ENV",
            "/nowhere/startup",
            "CDPATH",
            "/nowhere:.");

    @TempDir
    private Path folder;

    private Path worker;
    private final Map<String, String> given = new HashMap<>();

    @BeforeEach
    void aWorkerThatTellsItsEnvironment() throws IOException {
        worker = folder.resolve("worker");
        Files.writeString(
                worker, "#!/bin/sh\ncp \"/proc/$$/environ\" \"$SEEN.$$\" && mv \"$SEEN.$$\" \"$SEEN\"\nexit 9\n");
        assertThat(worker.toFile().setExecutable(true)).isTrue();
        for (String name : assigned()) {
            given.put(name.startsWith(OWN) ? name.substring(OWN.length()) : name, "as it was given");
        }
        given.putAll(FOR_OTHERS);
        given.put("SEEN", folder.resolve("seen").toString());
        given.put("PATH", System.getenv("PATH"));
        given.put("JAVA_HOME", System.getProperty("java.home"));
        given.put("GITHUB_ACTIONS", "true");
        given.put("JUDGE_COMMAND", worker.toString());
        given.put("JUDGE_REPORT", folder.resolve("wire").toString());
    }

    private static Set<String> assigned() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String script : SCRIPTS) {
            String text = Files.readAllLines(Programs.root().resolve("bin").resolve(script)).stream()
                    .filter(line -> !line.strip().startsWith("#"))
                    .collect(Collectors.joining("\n"));
            for (Matcher found = ASSIGNED.matcher(text); found.find(); ) {
                for (int group = 1; group <= found.groupCount(); group++) {
                    if (found.group(group) != null) {
                        names.addAll(Arrays.asList(found.group(group).strip().split(" ", -1)));
                    }
                }
            }
        }
        names.removeIf(name -> List.of("_", "title").contains(name)); // the title is GitHub's
        assertThat(names).hasSizeGreaterThan(80);
        return names;
    }

    /** A step of a build, too, which runs at a first start only. */
    @Test
    void theScriptsAssignNoNameThatSomebodyElseMayHave() throws IOException {
        assertThat(assigned()).allMatch(name -> name.startsWith(OWN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void aJudgedWorkerSeesItAsItWas(String shell) throws Exception {
        runBy(shell, "tpctl", "conformance", "run", "--", worker.toString());
        isSeen();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void aWorkerJudgedInCiSeesItAsItWas(String shell) throws Exception {
        runBy(shell, "ci-judge");
        isSeen();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void aWorkerBesideAnAgentSeesItAsItWas(String shell) throws Exception {
        runBy(shell, "neuron", "--agent", "--lease", "1m", "--", worker.toString());
        isSeen();
    }

    /** From a daemon, which is started by another launcher. */
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void aWorkerOfAPoolSeesItAsItWas(String shell) throws Exception {
        given.put("NEURON_RUNTIME_DIR", folder.resolve("run").toString());
        given.put("NEURON_STATE_DIR", folder.resolve("state").toString());
        runBy(shell, "tpctl", "up", "-n", "1", "--communicator", "loopback", "--", worker.toString());
        isSeen();
    }

    /** A script on the PATH is asked once where its Java is, and the worker has the home that it was given. */
    @Test
    void theHomeThatAVersionManagerNamesIsNotTheWorkers() throws Exception {
        Path shims = Files.createDirectory(folder.resolve("shims"));
        Path asked = folder.resolve("asked");
        Path java = Files.writeString(
                shims.resolve("java"),
                "#!/bin/sh\necho >>'" + asked + "'\necho '    java.home = " + System.getProperty("java.home") + "'\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        given.put("PATH", shims + ":" + System.getenv("PATH"));
        given.put("JAVA_HOME", "/nowhere/jdk");
        runBy(
                "sh",
                "neuron",
                "--agent",
                "--lease",
                "1m",
                "--",
                Programs.neuron(),
                "--agent",
                "--lease",
                "1m",
                "--",
                worker.toString());
        isSeen();
        assertThat(asked).content().hasLineCount(1);
    }

    /** Where sh is bash, one that is named like a program would be called in its place: a sleep that returns at once, for one. */
    @ParameterizedTest
    @ValueSource(strings = {"neuron --agent --lease 1m --", "tpctl conformance run --"})
    void aGuardHasNoFunctionThatAPersonsShellExports(String words) throws Exception {
        assumeTrue(Files.exists(Path.of("/bin/bash")), "SKIPPED: there is no bash");
        Files.writeString(worker, "#!/bin/sh\nexec cat >/dev/null\n");
        String function = "BASH_FUNC_sleep%%";
        String line = "exec bash --posix \"$0/bin/\"" + words + " \"$1\"";
        List<String> command = List.of("bash", "-c", line, Programs.root().toString(), worker.toString());
        try (ProgramProcess started = ProgramProcess.command(Map.of(function, "() { :; }"), command)) {
            ProcessHandle guard = await().until(
                            () -> started.process()
                                    .descendants()
                                    .filter(GivenEnvironmentIT::isGuard)
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
            assertThat(environment(started.pid())).as("Java has it").contains(function);
            assertThat(environment(guard.pid())).contains("PATH=").doesNotContain(function);
        }
    }

    private static boolean isGuard(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .contains("neurontp-guard");
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private static String environment(long pid) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), "environ"));
    }

    private void runBy(String shell, String program, String... arguments) throws Exception {
        assumeTrue(Files.exists(Path.of("/bin", shell)), "SKIPPED: there is no " + shell);
        List<String> command = new ArrayList<>(List.of("/bin/" + shell));
        if (shell.equals("bash")) {
            command.add("--posix");
        }
        command.add(Programs.root().resolve("bin").resolve(program).toString());
        BareProgram ended = BareProgram.run(given, Programs.concat(command, arguments));
        assertThat(folder.resolve("seen")).as("%s %s", ended.out(), ended.err()).exists();
    }

    private void isSeen() throws IOException {
        Map<String, String> seen = new HashMap<>();
        for (String variable : Files.readString(folder.resolve("seen"), UTF_8).split("\0", -1)) {
            int end = variable.indexOf('=');
            if (end >= 0) {
                seen.put(variable.substring(0, end), variable.substring(end + 1));
            }
        }
        assertThat(seen).containsAllEntriesOf(given);
        Predicate<String> own = name -> name.startsWith(OWN + "given_");
        assertThat(seen.keySet()).noneMatch(own);
    }
}
