package dev.neurontp.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system that answers nothing, as one whose server is gone: whoever looks into it waits until {@link #close}, or until
 * SIGKILL. Only root can mount one, with python3 and FUSE: elsewhere the test is skipped.
 */
public final class HungFileSystem implements AutoCloseable {
    /** Mounts it and never reads what the kernel asks. */
    private static final List<String> MOUNT = List.of(
            "import ctypes, os, sys",
            "path = sys.argv[1].encode()",
            "libc = ctypes.CDLL(None, use_errno=True)",
            "fuse = os.open('/dev/fuse', os.O_RDWR)",
            "options = ('fd=%d,rootmode=40700,user_id=0,group_id=0' % fuse).encode()",
            "if libc.mount(b'hung', path, b'fuse', 0, options) != 0: sys.exit(os.strerror(ctypes.get_errno()))",
            "print('mounted', flush=True)",
            "if sys.stdin.readline(): os.close(fuse); print('disconnected', flush=True); sys.stdin.read()",
            "libc.umount2(path, 2)");

    private final Path path;
    private final Process holder;
    private final BufferedReader said;

    private HungFileSystem(Path path, Process holder, BufferedReader said) {
        this.path = path;
        this.holder = holder;
        this.said = said;
    }

    /** Over {@code path}, which is created. */
    public static HungFileSystem mount(Path path) throws IOException {
        assumeTrue(Files.isWritable(Path.of("/dev/fuse")), "SKIPPED: this host has no FUSE, or not for this user");
        Files.createDirectory(path);
        Process holder;
        try {
            holder = new ProcessBuilder("python3", "-c", String.join("\n", MOUNT), path.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "SKIPPED: this host has no python3: " + e.getMessage());
            throw e;
        }
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
        String said = lines.readLine();
        assumeTrue("mounted".equals(said), () -> "SKIPPED: this user cannot mount a file system of FUSE: " + said);
        return new HungFileSystem(path, holder, lines);
    }

    public Path path() {
        return path;
    }

    /** From now on it answers all with an error, as one whose program has ended. */
    public void disconnect() throws IOException {
        holder.getOutputStream().write('\n');
        holder.getOutputStream().flush();
        if (!"disconnected".equals(said.readLine())) {
            throw new IOException("it did not disconnect");
        }
    }

    /** Whoever waits for it gets an error. */
    @Override
    public void close() throws IOException {
        try {
            holder.getOutputStream().close();
            holder.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
