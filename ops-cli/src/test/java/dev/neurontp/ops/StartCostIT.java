package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a short command loads, which is what it waits for: counted, since counts are the same on every host. */
@Timeout(120)
class StartCostIT {
    /** Of the JDK, when it prepares the first call of the C library. */
    private static final String C_LIBRARY = "jdk.internal.foreign.abi.";

    private static final String OF_THE_CACHE = "source: shared objects file";

    /** A command that asks loaded 2600 classes when this was written; one with the JDK's HTTP client and data binding 5300. */
    private static final int MOST_CLASSES = 3000;

    /** Code that Java makes at run time: forms of method handles and proxies of annotations. */
    private static final int MOST_MADE = 5;

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool("abcd2345");

    @TempDir
    private Path folder;

    /** The lines about classes of {@code tpctl ls}, its stdout where a shell's words lead it. */
    private List<String> loaded(String to) throws Exception {
        return loaded(to, "dev.neurontp.ops.Tpctl ");
    }

    /** The same of a program whose main class has that name. */
    private List<String> loaded(String to, String main) throws Exception {
        Path log = folder.resolve("classes");
        Path runtime = Files.createDirectories(folder.resolve("runtime"));
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", to, Programs.tpctl(), folder.resolve("out").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("shell").toFile());
        builder.environment().put("NEURON_RUNTIME_DIR", runtime.toString());
        builder.environment().put("NEURON_JAVA_OPTS", "-Xlog:class+load,class+init:file=" + log);
        builder.environment().put("TPCTL", Programs.tpctl());
        Process shell = builder.start();
        assertThat(shell.waitFor(90, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).anyMatch(line -> line.contains(main));
        return lines;
    }

    private static void isWithoutTheCLibrary(List<String> loaded) {
        assertThat(loaded).noneMatch(line -> line.contains(C_LIBRARY) && !line.endsWith(OF_THE_CACHE));
    }

    @Test
    void aFileIsWrittenWithoutTheCLibrary() throws Exception {
        isWithoutTheCLibrary(loaded("\"$0\" --version >\"$1\""));
    }

    /** As a daemon's in a script, whose stdout the launcher leads elsewhere. */
    @Test
    void aLeaderWritesAFileWithoutTheCLibrary() throws Exception {
        for (String into : List.of(">", ">>")) {
            isWithoutTheCLibrary(
                    loaded("\"${0%tpctl}neuron\" --version " + into + "\"$1\"", "dev.neurontp.harness.NeuronMain "));
            assertThat(folder.resolve("out")).content().contains("neuron ");
        }
    }

    @Test
    void aPipeIsWrittenWithoutTheCLibrary() throws Exception {
        isWithoutTheCLibrary(loaded("\"$0\" --version | cat"));
    }

    @Test
    void whatGoesNowhereIsWrittenWithoutTheCLibrary() throws Exception {
        isWithoutTheCLibrary(loaded("\"$0\" --version >/dev/null"));
    }

    @Test
    void aTerminalIsWrittenWithoutTheCLibrary() throws Exception {
        assumeTrue(Programs.onPath("script").isPresent(), "SKIPPED: there is no script, which makes a terminal");
        isWithoutTheCLibrary(loaded("script -qec '\"$TPCTL\" --version' \"$1\" </dev/null"));
        assertThat(folder.resolve("out")).content().contains("tpctl ");
    }

    @Test
    void aSocketIsWrittenWithoutTheCLibrary() throws Exception {
        assumeTrue(Programs.onPath("perl").isPresent(), "SKIPPED: there is no perl, which makes a socketpair");
        String pair = "use Socket; socketpair(my $a, my $b, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die;"
                + " if (!fork()) { open(STDOUT, \">&\", $b); exec $ENV{TPCTL}, \"--version\" } close $b; print <$a>; wait";
        isWithoutTheCLibrary(loaded("perl -e '" + pair + "' >\"$1\""));
        assertThat(folder.resolve("out")).content().contains("tpctl ");
    }

    /** All of our own classes that a command needs were there when the cache was trained. */
    @Test
    void aCommandFindsOurClassesInItsCache() throws Exception {
        assertThat(loaded("\"$0\" ls >\"$1\""))
                .filteredOn(line -> line.contains("source: file:"))
                .isEmpty();
    }

    /** The usual case, in which the folders are those of the home: it was trained with none of them. */
    @Test
    void aCommandInASessionFindsOurClassesAndLambdasInItsCache() throws Exception {
        String session =
                "unset NEURON_RUNTIME_DIR NEURON_STATE_DIR; export HOME=\"${1%/*}\" XDG_RUNTIME_DIR=\"${1%/*}\"; ";
        for (String command : List.of("ls", "ls --all", "status", "--version")) {
            assertThat(loaded(session + "\"$0\" " + command + " >\"$1\"; true"))
                    .filteredOn(line -> line.contains("source: file:") || line.contains("source: dev.neurontp."))
                    .isEmpty();
        }
    }

    /** One of 33 ranks waits for the starts of all others. */
    @Test
    void aWorkerOfAPoolFindsAllInItsCache() throws Exception {
        String ask = "printf '%s\\n' '{\"op\":\"ping\"}' '{\"op\":\"shutdown\"}' | NEURON_TP_POOL=abcd2345 ";
        List<String> lines = loaded(
                ask + "\"${0%tpctl}neuron\" --worker --rank 1 --tp-size 2 | cat >\"$1\"",
                "dev.neurontp.worker.WorkerMain ");
        assertThat(folder.resolve("out")).content().contains("pong", "bye");
        List<String> others = lines.stream()
                .filter(line -> line.contains(" source: ") && !line.endsWith(OF_THE_CACHE))
                .toList();
        assertThat(others).allMatch(line -> line.endsWith(" source: jrt:/java.base"));
        // Two threads that meet load some of the JDK's that the training did without.
        assertThat(others).hasSizeLessThan(5);
    }

    /** Each of these takes a good part of a short command's time. */
    @Test
    void aQuestionDoesWithoutWhatTakesLongToGetReady() throws Exception {
        for (String format : List.of("", " -o json")) {
            askedDoesWithoutWhatTakesLong("ls --host " + daemon.url() + " --token-file " + daemon.tokenFile() + format);
        }
    }

    private void askedDoesWithoutWhatTakesLong(String command) throws Exception {
        List<String> lines = loaded("\"$0\" " + command + " >\"$1\"");
        assertThat(folder.resolve("out")).content().contains("abcd2345");
        assertThat(lines)
                .filteredOn(line -> line.contains(" java.net.http.")
                        || line.contains(" tools.jackson.databind.ObjectMapper ")
                        || line.contains("Initializing 'javax/net/ssl/SSLContext'"))
                .isEmpty();
        List<String> classes =
                lines.stream().filter(line -> line.contains(" source: ")).toList();
        assertThat(classes).hasSizeLessThan(MOST_CLASSES);
        assertThat(classes)
                .filteredOn(line -> line.contains("__JVM_LookupDefineClass__") || line.contains("__dynamic_proxy__"))
                .hasSizeLessThan(MOST_MADE);
    }
}
