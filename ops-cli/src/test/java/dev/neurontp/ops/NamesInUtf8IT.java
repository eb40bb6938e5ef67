package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name that is no UTF-8 is for Java that of another file: what it names is refused, and nothing is created. */
@Tag("long")
@Timeout(120)
class NamesInUtf8IT {
    @TempDir
    private Path folder;

    /** In an empty folder; {@code $0} is tpctl, {@code $1} neuron, {@code $bad} the name. */
    private void isRefused(String script, int exitCode) {
        String all = "cd \"$2\" && bad=$(printf 'bad\\377') && " + script;
        List<String> command = List.of("sh", "-c", all, Programs.tpctl(), Programs.neuron(), folder.toString());
        try (ProgramProcess program = ProgramProcess.command(Map.of(), command).closeStdin()) {
            assertThat(program.exitCode()).as(program.stderr()).isEqualTo(exitCode);
            assertThat(program.stdout()).isEmpty();
            assertThat(program.stderr()).contains("bad\uFFFD", "bytes that are no UTF-8");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"$0\" conformance run --report \"$bad\" -- cat",
                "\"$0\" conformance run --known-failures \"$bad\" -- cat",
                "\"$0\" validate --communicator loopback --report \"$bad\"",
                "\"$0\" doctor --bundle \"$bad\"",
                "\"$0\" man --directory \"$bad\"",
                "\"$0\" ls --host http://127.0.0.1:1 --token-file \"$bad\"",
                "\"$0\" apply -f \"$bad\"",
                "\"$1\" --config \"$bad\"",
                "\"$0\" conformance run -- \"$bad\"",
                "\"$0\" conformance run -- cat \"$bad\"",
                "\"$0\" conformance run --comm-id-command \"$bad\" -- cat",
                "\"$0\" up --communicator loopback --launcher \"$bad\"",
                "\"$0\" ping \"$bad\"",
                "\"$1\" --agent -- \"$bad\"",
                "\"$1\" --agent -- echo \"$bad\"",
                "NEURON_RUNTIME_DIR=\"$2\" \"$1\" --port 0 --config \"$bad\""
            })
    void inAnArgument(String command) {
        isRefused(command, ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"$0\" up -d --communicator loopback", "\"$0\" ls"})
    void inTheVariableOfTheRuntimeFolder(String command) {
        isRefused("NEURON_RUNTIME_DIR=\"$bad\" " + command, ExitCode.COULD_NOT_RUN);
    }

    /** For the daemon these are settings. */
    @ParameterizedTest
    @ValueSource(strings = {"NEURON_RUNTIME_DIR", "NEURON_STATE_DIR", "NEURON_AUTH__TOKEN_FILE"})
    void inASetting(String variable) {
        isRefused(variable + "=\"$bad\" \"$1\" --port 0", ExitCode.USAGE);
    }

    /** A relative path is one below it. */
    @Test
    void inTheCurrentFolder() throws IOException {
        isRefused(
                "mkdir \"$bad\" && cd \"$bad\" && { NEURON_RUNTIME_DIR=run \"$0\" up -d --communicator loopback; code=$?; } && "
                        + "cd .. && rmdir \"$bad\" && exit $code",
                ExitCode.COULD_NOT_RUN);
    }
}
