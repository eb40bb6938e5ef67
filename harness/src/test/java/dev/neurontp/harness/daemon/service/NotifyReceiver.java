package dev.neurontp.harness.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The service manager's end of NOTIFY_SOCKET: a real datagram socket, in Python, since Java has none. */
public final class NotifyReceiver {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    /** A line for each datagram, with | for its line feeds. */
    private static final String PROGRAM = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1].replace('@', chr(0), 1) if sys.argv[1][0] == '@' else sys.argv[1])
            print('bound', flush=True)
            while True:
                print(s.recv(65536).decode().replace('\\n', '|'), flush=True)
            """;

    private NotifyReceiver() {}

    /** One that receives: its stdout has a line for each datagram. Without Python the test is skipped. */
    public static ProgramProcess at(String address) {
        assumeTrue(Files.isExecutable(PYTHON), "SKIPPED: there is no " + PYTHON);
        ProgramProcess receiver = ProgramProcess.command(Map.of(), List.of(PYTHON.toString(), "-c", PROGRAM, address));
        assertThat(receiver.line()).isEqualTo("bound");
        return receiver;
    }
}
