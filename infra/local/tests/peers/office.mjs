// A token server (oauth2-mock-server) and data behind it (json-server), both as they come. What is added here is what a real
// installation has: clients that are known, refresh tokens good for one use, tokens that are checked and may be withdrawn.
// Every answer is told as a line of the file `seen` before it is given. It ends when its standard input does.
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import jsonServer from 'json-server';
import { OAuth2Server } from 'oauth2-mock-server';

const asked = JSON.parse(process.argv.at(-1));
const told = (line) => appendFileSync(asked.seen, `${line}\n`);

const tokens = new OAuth2Server();
await tokens.issuer.keys.generate('RS256');
await tokens.start(0, '127.0.0.1');
const good = new Set([asked.refresh]);
let down = asked.down ?? 0;
// Two tokens of one second would be the same text.
tokens.service.on('beforeTokenSigning', (token) => { token.payload.jti = randomUUID(); });
tokens.service.on('beforeResponse', (answer, { body, headers }) => {
  const [, basic] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  const [id, secret] = basic ? Buffer.from(basic, 'base64').toString().split(':') : [body.client_id, body.client_secret];
  const refuse = (status, error) => {
    // Some servers repeat what they were given.
    Object.assign(answer, { statusCode: status, body: { error, error_description: `not with ${secret} or ${body.refresh_token}` } });
  };
  if (down-- > 0) refuse(503, 'temporarily_unavailable');
  else if (id !== 'books' || secret !== asked.secret) refuse(401, 'invalid_client');
  else if (body.grant_type === 'refresh_token' && !good.delete(body.refresh_token)) refuse(400, 'invalid_grant');
  else {
    answer.body.expires_in = asked.life ?? answer.body.expires_in;
    if (asked.generous) answer.body.refresh_token = 'nobody-asked-for-it';
    good.add(answer.body.refresh_token);
  }
  told(`token ${body.grant_type} ${answer.statusCode}`);
});

const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${tokens.address().port}/jwks`));
const withdrawn = new Set();
let left = asked.withdrawn_after ?? Infinity;
const data = jsonServer.create();
data.use(async (request, answer, next) => {
  const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (left-- === 0) withdrawn.add(token);
  const fits = !withdrawn.has(token) && await jwtVerify(token, keys, { issuer: tokens.issuer.url }).then(() => true, () => false);
  told(`data ${fits ? 200 : 401} ${request.originalUrl}`);
  if (fits) next();
  else answer.status(401).json({ error: 'invalid_token' });
});
const hour = (count) => new Date(Date.UTC(2026, 0, 1, count)).toISOString();
const orders = Array.from({ length: 1200 }, (_, at) => ({ id: at + 1, number: `A${at + 1}`, total: at * 37 / 100, updated: hour(Math.floor(at / 10)) }));
data.use(jsonServer.router({ orders }));
const listening = data.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ tokens: tokens.address().port, data: listening.address().port })));
process.stdin.resume().on('end', () => process.exit());
