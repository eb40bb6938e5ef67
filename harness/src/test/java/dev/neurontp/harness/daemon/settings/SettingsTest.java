package dev.neurontp.harness.daemon.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings: three sources, every refusal with place, value and rule. */
class SettingsTest {
    @TempDir
    Path folder;

    private Settings read(String toml, Map<String, String> environment, SettingOption... options) throws Exception {
        Path file = Files.writeString(folder.resolve("neuron.toml"), toml);
        return SettingsReader.read(Optional.of(file), environment, List.of(options));
    }

    private static SettingOption port(String value) {
        return new SettingOption(DaemonSettings.HTTP_PORT, "--port", value);
    }

    @Test
    void optionsGoBeforeTheEnvironmentWhichGoesBeforeTheFile() throws Exception {
        String toml = "[http]\nport = 1\n[limits]\npools = 3\nstreams = 5\n";
        Map<String, String> environment = Map.of("NEURON_HTTP__PORT", "2", "NEURON_LIMITS__POOLS", "4");
        Settings settings = read(toml, environment, port("7"));
        assertThat(settings.get(DaemonSettings.HTTP_PORT)).isEqualTo(7);
        assertThat(settings.origin(DaemonSettings.HTTP_PORT)).isEqualTo("the option --port");
        assertThat(settings.get(DaemonSettings.POOLS)).isEqualTo(4);
        assertThat(settings.origin(DaemonSettings.POOLS)).isEqualTo("the environment variable NEURON_LIMITS__POOLS");
        assertThat(settings.get(DaemonSettings.STREAMS)).isEqualTo(5);
        assertThat(settings.origin(DaemonSettings.STREAMS)).contains("neuron.toml line 5");
        assertThat(settings.origin(DaemonSettings.EVENTS)).isEqualTo("default");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            http.prot = 1 | line 1 | did you mean 'http.port'
            port = 1 | line 1 | did you mean 'http.port'
            nonsense = 1 | line 1 | no setting 'nonsense'
            http.port = 65536 | line 1 | whole number from 0 to 65535
            http.port = "1" | line 1 | whole number
            http.port = 1.0 | line 1 | whole number
            http = 1 | line 1 | no setting 'http'
            http.host = "" | line 1 | an address or a host name
            http.host = "10.1.2.3" | http.host | --insecure
            http.host = "no.such.host.invalid" | http.host | address of this host
            http.insecure = "yes" | line 1 | true or false
            http.tls_keystore = "x" | http.tls_password_file | both
            runtime_dir = "a\\u0007b" | line 1 | a path without control characters
            auth.token_file = "a\\nb" | line 1 | a path without control characters
            limits.idle = "30" | line 1 | number and a unit
            limits.idle = 30 | line 1 | number and a unit
            pools.communicator = "mpi" | line 1 | one of nccl, loopback
            pools.commands = ["a"] | line 1 | list
            pools.commands = [[]] | line 1 | at least one
            pools.deadlines.ping = "31s" | pools.deadlines | 'ping'
            stop.limit = "5s" | stop.limit | at least
            a = | line 1 | not TOML
            http.port = 1\thttp.port = 2 | line 2 | not TOML
            """)
    void aWrongSettingIsRefusedWithPlaceValueAndRule(String toml, String place, String rule) {
        assertThatThrownBy(() -> read(toml.replace("\t", "\n"), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(rule);
    }

    @Test
    void aWrongVariableOrOptionIsNamedAsTheUserWroteIt() {
        assertThatThrownBy(() -> read("", Map.of("NEURON_HTTP__PROT", "1")))
                .hasMessageContaining("NEURON_HTTP__PROT")
                .hasMessageContaining("did you mean 'http.port' (as a variable NEURON_HTTP__PORT)?");
        assertThatThrownBy(() -> read("", Map.of("NEURON_HTTP__PORT", "x")))
                .hasMessageContaining("NEURON_HTTP__PORT: http.port is 'x'");
        assertThatThrownBy(() -> read("", Map.of(), port("-1"))).hasMessageContaining("--port: http.port is '-1'");
    }

    /** Either may have named it. */
    @Test
    void aFileThatIsNotThereIsSaidWithBothThatCanNameIt() {
        Path none = folder.resolve("none.toml");
        assertThatThrownBy(() -> SettingsReader.read(Optional.of(none), Map.of(), List.of()))
                .hasMessage("there is no file " + none + ": --config or NEURON_CONFIG must name the settings file");
    }

    @Test
    void allProblemsAreSaidAtOnce() {
        assertThatThrownBy(() -> read("a = 1\nhttp.port = -1\n", Map.of("NEURON_B", "1")))
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(3));
    }

    @Test
    void variablesOfTheWorkersAndLaunchersAreNoSettings() throws Exception {
        Map<String, String> others = Map.of(
                "NEURON_TP_STAGE",
                "x",
                "NEURON_LOG",
                "x",
                "NEURON_JAVA_OPTS",
                "x",
                "NEURON_LOOPBACK_BIND",
                "x",
                "NEURON_NCCL_LIBRARY",
                "x",
                "NEURON_CUDA_LIBRARY",
                "x",
                "PATH",
                "x");
        assertThat(read("", others).lines()).isEqualTo(Settings.defaults().lines());
    }

    @Test
    void whatIsPrintedCanBeReadAgain() throws Exception {
        String toml = """
                pools.commands = [["ssh", "a b", 'x"y\\z'], ["/opt/neuron"]]
                limits.idle = "1500ms"
                http.hosts = ["a", "b"]
                runtime_dir = "/x/y"
                """;
        Settings settings = read(toml, Map.of("NEURON_HTTP__ORIGINS", "[\"https://a\"]"));
        Settings again = read(String.join("\n", settings.lines()), Map.of());
        for (Setting<?> setting : DaemonSettings.all()) {
            assertThat(again.get(setting)).as(setting.name()).isEqualTo(settings.get(setting));
        }
    }

    @Test
    void anAddressThatOthersReachNeedsTlsOrTheWordInsecure() throws Exception {
        assertThat(read("http.host = \"0.0.0.0\"\nhttp.insecure = true\n", Map.of())
                        .get(DaemonSettings.HTTP_HOST))
                .isEqualTo("0.0.0.0");
        assertThatThrownBy(() -> read("http.host = \"::\"\n", Map.of())).hasMessageContaining("TLS");
        assertThat(read("http.host = \"::1\"\n", Map.of()).get(DaemonSettings.HTTP_HOST))
                .isEqualTo("::1");
    }

    @Test
    void everySettingHasAVariableOfItsOwn() throws Exception {
        assertThat(DaemonSettings.HTTP_PORT.variable()).isEqualTo("NEURON_HTTP__PORT");
        assertThat(DaemonSettings.all().stream().map(Setting::variable).toList())
                .doesNotHaveDuplicates();
    }

    /** A file that was cut, or is another one, has a problem in each line: 45 MB of log for one reload. */
    @Test
    void ofManyProblemsTheFirstAreTold() {
        assertThatThrownBy(() -> read(manyLines("k%d = 1\n", 1001), Map.of()))
                .isInstanceOf(SettingsException.class)
                .satisfies(e -> assertThat(e.getMessage().lines())
                        .hasSize(21)
                        .last()
                        .isEqualTo("and 981 more problems like these"));
        assertThatThrownBy(() -> read(manyLines("x\n", 1000), Map.of()))
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(21));
    }

    @Test
    void aProblemIsBoundedAndDrivesNoTerminal() {
        assertThatThrownBy(() -> read("\"\\u001b[2J" + "k".repeat(10_000) + "\" = 1", Map.of()))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(5000).doesNotContain("\u001b"));
    }

    @Test
    void aFileBeyondTheBoundIsNotParsed() {
        assertThatThrownBy(() -> read("#".repeat(70_000), Map.of())).hasMessageContaining("at most 65536 are read");
    }

    @Test
    void aLauncherHasItsOwnNameAndItsWordsAreRead() throws Exception {
        Settings settings = read("""
                [launchers.gpu]
                preset = "ssh"
                options = ["-l", "neuron"]
                env = ["A=b=c"]
                lease = "20s"
                [hosts."gpu-1.cluster"]
                address = "10.0.0.1"
                """, Map.of("NEURON_LAUNCHERS__SSH__PRESET", "ssh"));
        assertThat(LauncherSettings.launchers(settings)).containsExactly("gpu", "ssh");
        LauncherSettings.Launched gpu = LauncherSettings.launcher(settings, "gpu");
        assertThat(gpu.lease()).hasSeconds(20);
        assertThat(gpu.launcher().start()).startsWith("ssh", "-T").endsWith("-l", "neuron", "--", "{address}");
        assertThat(gpu.launcher().environment()).isEqualTo(Map.of("A", "b=c"));
        assertThat(gpu.launcher().neuron()).containsExactly("neuron");
        assertThat(LauncherSettings.host(settings, "gpu-1.cluster").address()).isEqualTo("10.0.0.1");
        assertThat(LauncherSettings.host(settings, "other").address()).isEqualTo("other");
        assertThat(read(String.join("\n", settings.lines()), Map.of()).lines())
                .map(line -> line.replaceAll(" *#.*", ""))
                .isEqualTo(settings.lines().stream()
                        .map(line -> line.replaceAll(" *#.*", ""))
                        .toList());
        assertThat(settings.changesTo(Settings.defaults()))
                .extracting(SettingChange::name)
                .contains("launchers.gpu.preset", "hosts.gpu-1.cluster.address");
        assertThat(LauncherSettings.launchers(settings.taking(Settings.defaults())))
                .as("what a reload has taken away")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            launchers.a.options = ["x"]                               | launchers.a.preset is missing: it must be one of docker, exec, kubectl, local, podman, slurm, ssh
            launchers.a.preset = "rsh"                                | launchers.a.preset is 'rsh': it must be one of docker, exec, kubectl, local, podman, slurm, ssh
            launchers.a.preset = "exec"                               | launchers.a.start goes with preset = "exec"
            launchers.a = { preset = "ssh", start = ["x"] }           | launchers.a.start goes with preset = "exec"
            launchers.a = { preset = "ssh", word = ["x"] }            | there is no setting 'launchers.a.word'
            launchers.a = { preset = "ssh", env = ["x"] }             | env of 'a' has 'x': each of its words must be NAME=value
            launchers.a = { preset = "ssh", lease = "1ms" }           | launchers.a.lease is '1ms': it must be a number and a unit
            launchers.a.preset = "docker"                             | launchers.a.image is missing
            launchers.a = { preset = "ssh", image = "x" }             | launchers.a.image does not go with the preset 'ssh'
            launchers.a = { preset = "ssh", job = "7" }               | launchers.a.job does not go with the preset 'ssh'
            launchers.a = { preset = "kubectl", gpus = ["x"] }        | launchers.a.gpus does not go with the preset 'kubectl'
            launchers.a = { preset = "ssh", end = ["x"] }             | launchers.a.end goes with preset = "exec"
            launchers.a = { preset = "exec", start = ["x"], program = ["y"] } | launchers.a.program does not go with preset = "exec"
            launchers."-x".preset = "ssh"                             | there is no setting 'launchers.-x.preset'
            hosts.a.env = ["=x"]                                      | env of 'a' has '=x'
            """)
    void whatIsNoLauncherIsRefused(String toml, String words) {
        assertThatThrownBy(() -> read(toml, Map.of())).hasMessageContaining(words);
    }

    private static String manyLines(String line, int count) {
        return IntStream.range(0, count).mapToObj(line::formatted).collect(Collectors.joining());
    }

    /** At a reload nobody writes into it: the daemon waited for ever, and so did each reload after it. */
    @Test
    @Timeout(60)
    void aPipeIsNotReadAgain() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> SettingsReader.readAgain(Optional.of(fifo), Map.of(), List.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("fifo cannot be read", "not a regular file");
    }
}
