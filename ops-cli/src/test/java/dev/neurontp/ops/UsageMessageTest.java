package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong command line is refused in the words of who typed it. */
class UsageMessageTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            stauts                  | tpctl: unknown command 'stauts'. Did you mean 'status'?
            stat                    | tpctl: unknown command 'stat'. Did you mean 'status'?
            shutdwon --all          | tpctl: unknown command 'shutdwon'. Did you mean 'shutdown'?
            frobnicate              | tpctl: unknown command 'frobnicate'
            bench pign              | tpctl bench: unknown command 'pign'. Did you mean 'ping'?
            conformance lits        | tpctl conformance: unknown command 'lits'. Did you mean 'list'?
            --versoin               | tpctl: unknown option '--versoin'. Did you mean '--version'?
            demo --sise 3           | tpctl demo: unknown option '--sise'. Did you mean '--size'?
            demo --sise=3           | tpctl demo: unknown option '--sise'. Did you mean '--size'?
            shutdown --al           | tpctl shutdown: unknown option '--al'. Did you mean '--all'?
            ls -x                   | tpctl ls: unknown option '-x'
            status one two          | tpctl status: unexpected argument 'two'
            ls one                  | tpctl ls: unexpected argument 'one'
            up -n two               | tpctl up: -n is 'two': it must be a whole number, at most 2147483647
            up -ntwo                | tpctl up: -n is 'two': it must be a whole number, at most 2147483647
            up --size two           | tpctl up: --size is 'two': it must be a whole number, at most 2147483647
            up --size=99999999999   | tpctl up: --size is '99999999999': it must be a whole number, at most 2147483647
            up --devices 0,x        | tpctl up: --devices is 'x': it must be a whole number, at most 9223372036854775807
            up -n ٣                 | tpctl up: -n is '٣': it must be a whole number, at most 2147483647
            up --devices 0,３       | tpctl up: --devices is '３': it must be a whole number
            bench ping --rounds ٣   | tpctl bench ping: --rounds is '٣': it must be a whole number, at most 10000000
            bench ping --rounds 1e3 | tpctl bench ping: --rounds is '1e3': it must be a whole number, at most 10000000
            bench ping --sizes 2,๒  | tpctl bench ping: --sizes is '๒': it must be a whole number from 1 to 1024
            bench daemon --rounds x | tpctl bench daemon: --rounds is 'x': it must be a whole number from 50 to 1000000
            demo --size x           | tpctl demo: --size is 'x': it must be a whole number from 1 to 64
            logs -n ५               | tpctl logs: -n is '५': it must be a whole number, at most 10000
            conformance run --seed ٣ -- true | tpctl conformance run: --seed is '٣': it must be a whole number
            validate --root ٣ --communicator loopback | tpctl validate: --root is '٣': it must be a rank, or all
            up -n                   | tpctl up: -n needs a value: -n N
            up -n -d                | tpctl up: -n needs a value: -n N
            up -n 2 -n 3            | tpctl up: -n is given twice: it can be given once only
            ls --timeout soon       | tpctl ls: --timeout: 'soon' is no duration
            ls -o xml               | tpctl ls: -o: 'xml' is no format
            validate --collectives , | tpctl validate: --collectives: ',' has an empty element, like a shell variable
            bench ping --sizes ,    | tpctl bench ping: --sizes: ',' has an empty element
            conformance run --only S1, -- true | tpctl conformance run: --only: 'S1,' has an empty element
            create --devices ,      | tpctl create: --devices: ',' has an empty element
            validate --communicator loopback -i 8 -e 8M | tpctl validate: -i 8 makes 1048576 sizes from 8 to 8M: at most 4096
            bench ping --sizes 0    | tpctl bench ping: the world size is 0: a pool has at least 1 rank
            bench ping --sizes 2,1025 | tpctl bench ping: the world size is 1025: a pool has at most 1024 ranks
            bench daemon --sizes 0  | tpctl bench daemon: the world size is 0: it must be from 1 to 64
            bench daemon --sizes 2,65 | tpctl bench daemon: the world size is 65: it must be from 1 to 64
            ls --all=maybe          | tpctl ls: --all takes no value, and 'maybe' was given
            """)
    void namesWhatWasTypedAndTheRule(String typed, String message) {
        CommandResult ran = CommandResult.tpctl(typed.split(" "));
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err().lines().findFirst().orElseThrow()).startsWith(message);
        if (!message.contains("mean")) {
            assertThat(ran.err()).doesNotContain("Did you mean");
        }
        assertThat(ran.err()).doesNotContain("index", "Unmatched", "Invalid value", "parameter", "<");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void anEmptyArgumentIsSaidToBeEmpty() {
        CommandResult ran = CommandResult.tpctl("ls", "");
        assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("unexpected argument '': it is empty, like a shell variable that is not set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up --pool-file=",
                "up --config=",
                "preflight --config=",
                "apply -f=",
                "validate --baseline=",
                "validate --report=",
                "ls --token-file=",
                "ls --ca-file=",
                "man --directory=",
                "doctor --bundle=",
                "conformance run --known-failures= -- true",
                "conformance run --write-known-failures= -- true",
                "conformance run --report= -- true"
            })
    void anEmptyNameOfAFileHasTheSameWordsEverywhere(String typed) {
        CommandResult ran = CommandResult.tpctl(typed.split(" "));
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("'' names no file: it is empty, like a shell variable that is not set");
    }

    @Test
    void whatWasTypedDoesNotDriveTheTerminal() {
        assertThat(CommandResult.tpctl("\u001b[31mls").err()).doesNotContain("\u001b");
    }
}
