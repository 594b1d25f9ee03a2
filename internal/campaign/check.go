package campaign

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// problemf notes what is not in order.
func (p *play) problemf(format string, arguments ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, arguments...))
}

// instructive checks that the provider's error tells the operation and the noun, the system, and what next.
func (p *play) instructive(disturbed error) {
	var printed PrintedError
	if errors.As(disturbed, &printed) {
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
	}
}

// discreet checks that no secret was logged or told. What is secret the listener learns from the exchanges; the state's
// own secrets show whether it does.
func (p *play) discreet() {
	if missed := p.listener.Missed(p.runner.Secrets()); missed > 0 {
		p.problemf("the canary is deaf: of the state's secrets, %d were in no exchange that it knows how to read", missed)
	}
	p.problems = append(p.problems, p.listener.Found()...)
}

// settled checks that all is in order after a step.
func (p *play) settled(step Step) {
	p.sameObjects()
	p.intact(step)
}

// intact checks that all that the state knows is there as the step has left it, and that its secrets log in.
func (p *play) intact(step Step) {
	changes, err := p.runner.Changes(p.context(), step.Blocks)
	if err != nil || len(changes) > 0 {
		p.problemf("a second plan is not empty: %q, %v", changes, err)
	}
	objects := p.runner.Objects()
	for label := range objects {
		if err := p.authenticates(label, objects); err != nil {
			p.problemf("%s: %v", label, err)
		}
	}
}

// clean destroys everything, and checks that nothing is left. What was in use has been idle for a while by then.
func (p *play) clean() {
	p.later()
	if err := p.runner.Apply(p.context(), nil, nil); err != nil {
		p.problemf("destroy fails: %v", err)
	}
	if left := len(p.runner.Objects()); left > 0 {
		p.problemf("destroy leaves %d objects in the state", left)
	}
	p.sameObjects()
}

// sameObjects compares the systems with the state.
func (p *play) sameObjects() {
	held, known, strays := p.inventory()
	switch {
	case slices.Equal(held, known):
	case len(held) == len(known)+1 && len(strays) == 1 && p.allowed != "" && strings.HasPrefix(strays[0], p.allowed+" "):
		p.strays = append(p.strays, "the state does not know "+strays[0])
	default:
		p.problemf("the systems hold\n%s\nbut the state knows\n%s", strings.Join(held, "\n"), strings.Join(known, "\n"))
	}
}

// inventory are the objects that the systems hold, those that the state knows, and those that it does not know, each as
// system, nouns and id.
func (p *play) inventory() (held, known, strays []string) {
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
		for _, id := range object.IDs() {
			known = append(known, fmt.Sprintf("%s %s %s", system, nouns, id))
		}
	}
	slices.Sort(held)
	slices.Sort(known)
	strays = slices.DeleteFunc(slices.Clone(held), func(id string) bool { return slices.Contains(known, id) })
	return held, known, strays
}

// IDs are what the sandbox knows an object by. A rotating credential is one or two, but for ZenML, where both values are of
// one key.
func (o Object) IDs() []string {
	var ids []string
	for _, held := range o.held() {
		ids = append(ids, fmt.Sprint(held["id"]))
	}
	if ids != nil {
		return slices.Compact(ids)
	}
	name := "id"
	switch o.Type {
	case "machineid_neowit_service_account_key":
		name = "key_id"
	case "machineid_dt_project_member", "machineid_dt_organization_member":
		name = "member_id"
	}
	return []string{fmt.Sprint(o.Values[name])}
}

// held are the credentials of a rotating one: the current, and the previous if there is one.
func (o Object) held() []map[string]any {
	var all []map[string]any
	for _, name := range []string{"current", "previous"} {
		if held, ok := o.Values[name].(map[string]any); ok && len(held) > 0 {
			all = append(all, held)
		}
	}
	return all
}
