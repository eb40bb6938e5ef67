package dev.neurontp.harness.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A tar (ustar) of regular files, compressed by gzip. Java has no writer of its own. */
public final class TarArchive {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int MODE_AT = 100;
    private static final int SIZE_AT = 124;
    private static final int TIME_AT = 136;
    private static final int SUM_AT = 148;
    private static final int TYPE_AT = 156;
    private static final int MAGIC_AT = 257;

    private TarArchive() {}

    /** The archive's bytes; names are at most 100 characters of ASCII. */
    public static byte[] of(Map<String, byte[]> files, long epochSeconds) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.write(header(file.getKey(), file.getValue().length, epochSeconds));
                out.write(file.getValue());
                out.write(new byte[(BLOCK - file.getValue().length % BLOCK) % BLOCK]);
            }
            out.write(new byte[2 * BLOCK]);
        }
        return bytes.toByteArray();
    }

    private static byte[] header(String name, int size, long epochSeconds) {
        byte[] header = new byte[BLOCK];
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        if (ascii.length > NAME) {
            throw new IllegalArgumentException(
                    "the name has " + ascii.length + " bytes, at most " + NAME + ": " + name);
        }
        put(header, 0, name);
        put(header, MODE_AT, "0000600");
        put(header, MODE_AT + 8, "0000000");
        put(header, MODE_AT + 16, "0000000");
        put(header, SIZE_AT, String.format(Locale.ROOT, "%011o", size));
        put(header, TIME_AT, String.format(Locale.ROOT, "%011o", epochSeconds));
        put(header, SUM_AT, "        ");
        put(header, TYPE_AT, "0");
        put(header, MAGIC_AT, "ustar\00000");
        int sum = 0;
        for (byte one : header) {
            sum += one & 0xFF;
        }
        put(header, SUM_AT, String.format(Locale.ROOT, "%06o\0 ", sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, header, at, ascii.length);
    }
}
