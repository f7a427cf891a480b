package org.isofleet.protocol.keys;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;

/**
 * Believes a certificate that an authority of ours has issued to the subject of this node's own one. All nodes of a cluster share a subject,
 * so an authority may serve others too: what it certified for them opens nothing here.
 */
final class FleetTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authorities;
    private final X500Principal subject;

    FleetTrust(X509ExtendedTrustManager authorities, X500Principal subject) {
        this.authorities = authorities;
        this.subject = subject;
    }

    private void checkSubject(X509Certificate[] chain) throws CertificateException {
        X500Principal other = chain[0].getSubjectX500Principal();
        if (!other.equals(subject)) {
            throw new CertificateException("a certificate of '" + other + "', where '" + subject + "' is due");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        authorities.checkClientTrusted(chain, type);
        checkSubject(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        authorities.checkClientTrusted(chain, type, socket);
        checkSubject(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        authorities.checkClientTrusted(chain, type, engine);
        checkSubject(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        authorities.checkServerTrusted(chain, type);
        checkSubject(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        authorities.checkServerTrusted(chain, type, socket);
        checkSubject(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        authorities.checkServerTrusted(chain, type, engine);
        checkSubject(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
