package dev.neurontp.worker.os;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.StringTokenizer;

/**
 * Writes to a local stream socket (unix(7)), as sshd and systemd give for stdout, without the C library. Where the socket is non-blocking and
 * full a write fails, and Java does not tell how much of it was taken: but of such a piece the kernel takes all or nothing, so the C
 * library can write it again, and waits. One thread at a time.
 */
final class LocalSocketOutput extends OutputStream {
    /** One buffer of the kernel, which takes less than half of what the smallest socket holds: SO_SNDBUF is 4608 at least (socket(7)). */
    private static final int PIECE = 2048;

    /** Busier hosts do it by the C library. */
    private static final int MOST_SOCKETS = 20_000;

    private static final Path SOCKETS = Path.of("/proc/self/net/unix");
    private static final int TYPE = 4;
    private static final int INODE = 6;
    private static final String STREAM = "0001";
    private static final String LINK = "socket:[";

    private final int number;
    private OutputStream out;
    private boolean byErrno;

    /** Of the descriptor {@code number}, which is {@code java}. */
    LocalSocketOutput(int number, FileDescriptor java) {
        this.number = number;
        this.out = new FileOutputStream(java);
    }

    /** Whether the descriptor at {@code path}, below /proc, is such a socket of this network namespace. */
    static boolean isOne(Path path) {
        try {
            String link = Files.readSymbolicLink(path).toString();
            return link.startsWith(LINK) && isLocalStream(link.substring(LINK.length(), link.length() - 1));
        } catch (IOException _) {
            return false;
        }
    }

    /** Whether two descriptors, at paths below /proc, are one socket. */
    static boolean isSame(Path one, Path other) {
        try {
            String link = Files.readSymbolicLink(one).toString();
            return link.startsWith(LINK)
                    && link.equals(Files.readSymbolicLink(other).toString());
        } catch (IOException _) {
            return false;
        }
    }

    /** Whether the kernel lists that inode as one. */
    static boolean isLocalStream(String inode) throws IOException {
        String wanted = " " + inode;
        try (BufferedReader sockets = Files.newBufferedReader(SOCKETS, StandardCharsets.ISO_8859_1)) {
            String line = sockets.readLine();
            for (int i = 0; i < MOST_SOCKETS && line != null; i++) {
                if (line.contains(wanted) && isStream(line, inode)) {
                    return true;
                }
                line = sockets.readLine();
            }
        }
        return false;
    }

    /** A line is: Num RefCount Protocol Flags Type St Inode Path. */
    private static boolean isStream(String line, String inode) {
        StringTokenizer fields = new StringTokenizer(line);
        String type = "";
        for (int i = 0; i < INODE && fields.hasMoreTokens(); i++) {
            String field = fields.nextToken();
            type = i == TYPE ? field : type;
        }
        return fields.hasMoreTokens() && fields.nextToken().equals(inode) && type.equals(STREAM);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int done = 0;
        while (done < length) {
            int piece = byErrno ? length - done : Math.min(PIECE, length - done);
            try {
                out.write(bytes, offset + done, piece);
                done += piece;
            } catch (IOException e) {
                if (byErrno) {
                    throw e;
                }
                byErrno = true;
                out = new Descriptor(number).outputStream();
            }
        }
    }
}
