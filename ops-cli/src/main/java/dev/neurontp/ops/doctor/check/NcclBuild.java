package dev.neurontp.ops.doctor.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which CUDA a libnccl was built for: its own banner, {@code NCCL version 2.28.9+cuda13.0}, is in its file. */
final class NcclBuild {
    private static final Pattern BANNER = Pattern.compile("NCCL version \\d[\\d.]*\\+cuda(\\d{1,2}\\.\\d{1,2})");
    private static final int BLOCK = 1 << 20;
    private static final int OVERLAP = 64;
    private static final long MOST_BYTES = 1L << 30;

    private NcclBuild() {}

    /** Such as 13.0; empty where the file does not say, in its first GiB. */
    static Optional<String> cuda(Path library) {
        byte[] block = new byte[BLOCK + OVERLAP];
        int kept = 0;
        long read = 0;
        try (InputStream in = Files.newInputStream(library)) {
            while (read < MOST_BYTES) {
                int count = in.readNBytes(block, kept, BLOCK);
                if (count == 0) {
                    return Optional.empty();
                }
                read += count;
                int end = kept + count;
                Matcher found = BANNER.matcher(new String(block, 0, end, StandardCharsets.ISO_8859_1));
                if (found.find()) {
                    return Optional.of(found.group(1));
                }
                kept = Math.min(OVERLAP, end);
                System.arraycopy(block, end - kept, block, 0, kept);
            }
        } catch (IOException _) {
            // Not readable: the check says that it is not known.
            return Optional.empty();
        }
        return Optional.empty();
    }
}
