package org.isofleet.deploy.bits;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a study wrote for TensorBoard, read by the fields of {@code event.proto} and {@code summary.proto}. */
final class EventFiles {
    private EventFiles() {}

    /** Steps of a tag, for each run that has a file. */
    static List<List<Long>> steps(Path studyFolder, String tag) throws IOException {
        List<List<Long>> all = new ArrayList<>();
        try (Stream<Path> files =
                Files.find(studyFolder.resolve("tensorboard"), 2, (path, kind) -> kind.isRegularFile())) {
            for (Path file : files.toList()) {
                all.add(steps(Files.readAllBytes(file), tag));
            }
        }
        return all;
    }

    private static List<Long> steps(byte[] file, String tag) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Long> steps = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] record = new byte[(int) in.getLong()];
            in.position(in.position() + 4);
            in.get(record);
            in.position(in.position() + 4);
            UnknownFieldSet event = UnknownFieldSet.parseFrom(record);
            for (ByteString summary : event.getField(5).getLengthDelimitedList()) {
                for (ByteString value :
                        UnknownFieldSet.parseFrom(summary).getField(1).getLengthDelimitedList()) {
                    if (UnknownFieldSet.parseFrom(value)
                            .getField(1)
                            .getLengthDelimitedList()
                            .contains(ByteString.copyFromUtf8(tag))) {
                        steps.add(event.getField(2).getVarintList().get(0));
                    }
                }
            }
        }
        return steps;
    }
}
