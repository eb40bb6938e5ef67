package dev.neurontp.worker.comm.nccl;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One thread of a kernel, in Java: as much of PTX as pattern.ptx uses. A register is its bits.
 *
 * @param special what the special registers hold
 */
record PtxRun(PtxProgram program, ByteBuffer memory, long base, Map<String, Long> special) {
    /** A kernel or a function; returns the result's bits. */
    long run(String name, List<Long> arguments) {
        PtxProgram.Function function = program.functions().get(name);
        Map<String, Long> values = new HashMap<>(special);
        List<String> parameters = List.copyOf(function.parameters().keySet());
        for (int i = 0; i < parameters.size(); i++) {
            values.put(parameters.get(i), arguments.get(i));
        }
        int at = 0;
        while (true) {
            PtxProgram.Instruction next = function.instructions().get(at++);
            if (!next.guard().isEmpty() && values.get(next.guard()) == 0) {
                continue;
            }
            switch (next.opcode().getFirst()) {
                case "ret" -> {
                    return values.getOrDefault(function.result(), 0L);
                }
                case "bra" -> at = function.labels().get(next.operands().getFirst());
                default -> step(next, values);
            }
        }
    }

    private void step(PtxProgram.Instruction next, Map<String, Long> values) {
        List<String> operands = next.operands();
        String type = next.opcode().getLast();
        int first = next.opcode().getFirst().equals("call") ? 2 : 1;
        List<Long> in = operands.stream()
                .skip(first)
                .map(operand -> operand.matches("[0-9].*")
                        ? Long.parseUnsignedLong(digits(operand), radix(operand))
                        : values.get(operand))
                .toList();
        List<String> opcode = next.opcode();
        String operation =
                opcode.size() == 1 ? opcode.getFirst() : String.join(".", opcode.subList(0, opcode.size() - 1));
        switch (operation) {
            case "st.global" -> put(values.get(operands.getFirst()), bits(type), in.getFirst());
            case "red.global.add", "red.global.min" -> {
                boolean offset = in.size() == 2;
                long address = values.get(operands.getFirst()) + (offset ? in.getFirst() : 0);
                long old = get(address, 64);
                put(address, 64, operation.endsWith("add") ? old + in.getLast() : least(old, in.getLast()));
            }
            case "call" -> values.put(operands.getFirst(), run(operands.get(1), in));
            default -> values.put(operands.getFirst(), value(operation, type, in));
        }
    }

    private long value(String operation, String type, List<Long> in) {
        long a = in.getFirst();
        long b = in.size() > 1 ? in.get(1) : 0;
        long full = switch (operation) {
            case "mov", "ld.param", "cvt.u64", "cvt.u32", "cvta.to.global" -> a;
            case "ld.global" -> get(a, bits(type));
            case "add" -> a + b;
            case "sub" -> a - b;
            case "mul.lo" -> a * b;
            case "mad.lo" -> a * b + in.get(2);
            case "mul.wide" -> a * b;
            case "mad.wide" -> a * b + in.get(2);
            case "div" -> Long.divideUnsigned(a, b);
            case "rem" -> Long.remainderUnsigned(a, b);
            case "xor" -> a ^ b;
            case "shl" -> b > 63 ? 0 : a << b;
            case "shr" -> b > 63 ? 0 : a >>> b;
            case "min" -> least(a, b);
            case "setp.eq" -> a == b ? 1 : 0;
            case "setp.ne" -> a != b ? 1 : 0;
            case "setp.lt" -> Long.compareUnsigned(a, b) < 0 ? 1 : 0;
            case "setp.ge" -> Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
            case "cvt.rn.f32" -> Float.floatToRawIntBits((float) a) & 0xffff_ffffL;
            case "cvt.rn.f64" -> Double.doubleToRawLongBits((double) a);
            case "cvt.rn.f16" -> Float.floatToFloat16((float) a) & 0xffffL;
            default -> throw new IllegalStateException(operation + " is not known here");
        };
        boolean wide = operation.endsWith("wide") || operation.startsWith("cvt.rn");
        int width = operation.equals("cvt.u32") ? 32 : wide || operation.equals("cvt.u64") ? 64 : bits(type);
        return full & (-1L >>> (64 - width));
    }

    private static long least(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    private static int bits(String type) {
        return Integer.parseInt(type.substring(1));
    }

    private static int radix(String number) {
        return number.startsWith("0x") ? 16 : 10;
    }

    private static String digits(String number) {
        return number.startsWith("0x") ? number.substring(2) : number;
    }

    private long get(long address, int bits) {
        int at = Math.toIntExact(address - base);
        return switch (bits) {
            case 8 -> memory.get(at) & 0xffL;
            case 16 -> memory.getShort(at) & 0xffffL;
            case 32 -> memory.getInt(at) & 0xffff_ffffL;
            default -> memory.getLong(at);
        };
    }

    private void put(long address, int bits, long value) {
        int at = Math.toIntExact(address - base);
        switch (bits) {
            case 8 -> memory.put(at, (byte) value);
            case 16 -> memory.putShort(at, (short) value);
            case 32 -> memory.putInt(at, (int) value);
            default -> memory.putLong(at, value);
        }
    }
}
