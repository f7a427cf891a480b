package org.isofleet.protocol.bulk;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.isofleet.protocol.checkpoint.CheckpointFolders;
import org.isofleet.protocol.group.CheckpointRef;
import org.isofleet.protocol.study.RunId;

/**
 * One question to the coordinator's depot of checkpoints, and its answer, after the {@link Handshake}. Every file is followed by its
 * SHA-256. Neither side holds more of a tensor file than one chunk.
 */
public final class DepotStream {
    /** Name of the depot in a handshake. */
    public static final String DEPOT = "depot";

    /** The other side answered, and its answer is no. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }
    }

    /** What is asked. */
    public enum Question {
        /** Store a checkpoint. */
        PUT(1),
        /** Send a checkpoint. */
        GET(2),
        /** Delete what a run no longer needs. */
        COLLECT(3);

        private final int code;

        Question(int code) {
            this.code = code;
        }
    }

    private static final int CHUNK = 1 << 16;
    private static final int SHA256_BYTES = 32;
    private static final int MOST_REFERENCES = 1 << 16;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    public DepotStream(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), CHUNK));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), CHUNK));
    }

    public DataInputStream in() {
        return in;
    }

    public DataOutputStream out() {
        return out;
    }

    public void ask(Question question) throws IOException {
        out.writeByte(question.code);
    }

    public Question question() throws IOException {
        int code = in.readUnsignedByte();
        for (Question question : Question.values()) {
            if (question.code == code) {
                return question;
            }
        }
        throw new ProtocolException("it asks what nobody knows: " + code);
    }

    public void send(CheckpointRef reference) throws IOException {
        out.writeLong(reference.step());
        out.writeUTF(reference.digest());
    }

    /** A checkpoint's name is made from what it is, so nobody can name another place. */
    public CheckpointRef reference(RunId runId) throws IOException {
        long step = in.readLong();
        String digest = in.readUTF();
        if (step < 0 || !digest.matches("[0-9a-f]{64}")) {
            throw new ProtocolException("it names no checkpoint");
        }
        return CheckpointFolders.reference(runId, step, digest);
    }

    public void sendCount(int count) throws IOException {
        out.writeInt(count);
    }

    public int count() throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_REFERENCES) {
            throw new ProtocolException("it names " + count + " checkpoints");
        }
        return count;
    }

    /** Sends a file's length, bytes and SHA-256. */
    public void send(Path file) throws IOException {
        MessageDigest sha256 = sha256();
        byte[] chunk = new byte[CHUNK];
        try (InputStream bytes = Files.newInputStream(file)) {
            long left = Files.size(file);
            out.writeLong(left);
            while (left > 0) {
                int read = bytes.read(chunk, 0, (int) Math.min(CHUNK, left));
                if (read < 0) {
                    throw new EOFException(file + " became shorter while it was sent");
                }
                sha256.update(chunk, 0, read);
                out.write(chunk, 0, read);
                left -= read;
            }
        }
        out.write(sha256.digest());
    }

    /** Receives a file into a new one, and syncs it; one for which the disk has no room is refused before a byte of it is taken. */
    public void receive(Path file) throws IOException {
        MessageDigest sha256 = sha256();
        byte[] chunk = new byte[CHUNK];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long left = in.readLong();
            long free = Files.getFileStore(file).getUsableSpace();
            if (left < 0) {
                throw new ProtocolException("it sends a file of " + left + " bytes");
            }
            if (left > free) {
                throw new IOException("No space left on device: " + left + " bytes for " + free);
            }
            while (left > 0) {
                int read = (int) Math.min(CHUNK, left);
                in.readFully(chunk, 0, read);
                sha256.update(chunk, 0, read);
                ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, read);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                left -= read;
            }
            channel.force(true);
        }
        expect(sha256, file.getFileName().toString());
    }

    /** Receives a file of which no more than so many bytes are acceptable. */
    public byte[] receive(int longest) throws IOException {
        long length = in.readLong();
        if (length < 0 || length > longest) {
            throw new ProtocolException("it sends " + length + " bytes where at most " + longest + " can be");
        }
        byte[] bytes = in.readNBytes((int) length);
        MessageDigest sha256 = sha256();
        sha256.update(bytes);
        expect(sha256, "the manifest");
        return bytes;
    }

    private void expect(MessageDigest sha256, String what) throws IOException {
        if (!MessageDigest.isEqual(in.readNBytes(SHA256_BYTES), sha256.digest())) {
            throw new IOException(what + " was damaged on its way");
        }
    }

    /** All has been said; the answer may come. */
    public void end() throws IOException {
        out.flush();
        socket.shutdownOutput();
    }

    public void agree() throws IOException {
        out.writeBoolean(true);
    }

    /** Answers with a reason, once the other side has said all. */
    public void refuse(String reason) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
        out.writeBoolean(false);
        out.writeUTF(reason);
    }

    /** @throws Refused with the other side's reason */
    public void expectAgreement() throws IOException {
        if (!in.readBoolean()) {
            throw new Refused(in.readUTF());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
