package campaign

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// struck tells whether the fault of a cell has met what it was armed for.
func (p *play) struck(c Cell) bool {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.box.URL+"/_sandbox/faults", http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var armed []struct{ Times int }
	if err := json.NewDecoder(response.Body).Decode(&armed); err != nil {
		p.t.Fatal(err)
	}
	left := 0
	for _, fault := range armed {
		left += fault.Times
	}
	return left < c.Fault.times()
}

// problemf notes what is not in order.
func (p *play) problemf(format string, arguments ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, arguments...))
}

// told checks what the provider says of a failure: the operation and the noun, the system, what next, and no secret.
func (p *play) told(disturbed error) {
	var printed PrintedError
	if errors.As(disturbed, &printed) {
		p.discreet(printed.Error())
		return
	}
	var failures ProviderErrors
	if !errors.As(disturbed, &failures) {
		p.problemf("this is no error that the provider tells: %v", disturbed)
		return
	}
	for _, failure := range failures {
		text := failure.Summary + "\n" + failure.Detail
		if !strings.HasPrefix(failure.Summary, "Cannot ") || !strings.Contains(failure.Summary, vendors[p.System]) {
			p.problemf("the summary does not tell the operation and the noun: %q", text)
		}
		// What to do has the last paragraph, after the one that tells what happened.
		paragraphs := strings.Split(failure.Detail, "\n\n")
		last := paragraphs[len(paragraphs)-1]
		if len(paragraphs) < 2 || strings.Contains(last, "Request: ") || strings.HasPrefix(last, "The answer of ") {
			p.problemf("the detail does not tell what happened and what to do next: %q", text)
		}
		p.discreet(text)
	}
}

func (p *play) discreet(text string) {
	secrets := p.runner.Secrets()
	for name, value := range p.box.Env() {
		if strings.HasSuffix(name, "SECRET") || strings.HasSuffix(name, "PASSWORD") {
			secrets = append(secrets, value)
		}
	}
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			p.problemf("a secret is told: %s", strings.ReplaceAll(text, secret, "***"))
		}
	}
}

// settled checks that all is in order after a step, and that destroying everything leaves nothing.
func (p *play) settled(step Step) {
	changes, err := p.runner.Changes(p.t.Context(), step.Blocks)
	if err != nil || len(changes) > 0 {
		p.problemf("a second plan is not empty: %q, %v", changes, err)
	}
	p.sameObjects()
	objects := p.runner.Objects()
	for label := range objects {
		if err := p.authenticates(label, objects); err != nil {
			p.problemf("%s: %v", label, err)
		}
	}
}

// clean destroys everything.
func (p *play) clean() {
	if err := p.runner.Apply(p.t.Context(), nil, nil); err != nil {
		p.problemf("destroy fails: %v", err)
	}
	if left := len(p.runner.Objects()); left > 0 {
		p.problemf("destroy leaves %d objects in the state", left)
	}
	p.sameObjects()
}

// sameObjects compares the systems with the state.
func (p *play) sameObjects() {
	var held, known []string
	for system, byNoun := range p.box.AllObjects(p.t) {
		for nouns, objects := range byNoun {
			for _, object := range objects {
				if nouns != "organizations" {
					held = append(held, fmt.Sprintf("%s %s %s", system, nouns, object.ID))
				}
			}
		}
	}
	for _, object := range p.runner.Objects() {
		system, nouns := collection(object.Type)
		known = append(known, fmt.Sprintf("%s %s %s", system, nouns, object.id()))
	}
	slices.Sort(held)
	slices.Sort(known)
	if !slices.Equal(held, known) {
		p.problemf("the systems hold\n%s\nbut the state knows\n%s", strings.Join(held, "\n"), strings.Join(known, "\n"))
	}
}

// id is what the sandbox knows an object by.
func (o Object) id() string {
	name := "id"
	switch o.Type {
	case "machineid_neowit_service_account_key":
		name = "key_id"
	case "machineid_dt_project_member", "machineid_dt_organization_member":
		name = "member_id"
	}
	return fmt.Sprint(o.Values[name])
}
